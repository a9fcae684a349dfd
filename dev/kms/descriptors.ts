import protos from "@google-cloud/kms/build/protos/protos.json" with { type: "json" };
import protobuf from "protobufjs";
import type { Method } from "./api.ts";
import { METHODS } from "./service.ts";

/** An RPC as the client package's descriptors give it. */
export interface MethodDescriptor {
  readonly method: Method;
  /** gRPC path, such as "/google.cloud.kms.v1.KeyManagementService/Encrypt". */
  readonly path: string;
  readonly requestType: protobuf.Type;
  readonly responseType: protobuf.Type;
  /** Rules of `google.api.http`: the bindings of the RPC to HTTP. */
  readonly httpRules: readonly HttpRule[];
}

export interface HttpRule {
  readonly verb: string;
  readonly template: string;
  /** "*": the whole request; a field's name; or undefined: no body. */
  readonly body: string | undefined;
}

const SERVICE = "google.cloud.kms.v1.KeyManagementService";

export const readDescriptors = (): readonly MethodDescriptor[] => {
  const root = protobuf.Root.fromJSON(protos);
  const service = root.lookupService(SERVICE);
  return METHODS.map((method) => describe(service, method));
};

/** Bytes to a plain object: enums by name, 64-bit integers as strings, absent fields absent. */
export const decodeMessage = (type: protobuf.Type, bytes: Uint8Array): object =>
  type.toObject(type.decode(bytes), { enums: String, longs: String });

export const encodeMessage = (type: protobuf.Type, message: object): Buffer =>
  Buffer.from(type.encode(type.fromObject(message)).finish());

const describe = (service: protobuf.Service, method: Method): MethodDescriptor => {
  const rpc = service.methods[method];
  if (rpc === undefined) throw new Error(`@google-cloud/kms does not describe ${method}.`);
  const requestType = service.lookupType(rpc.requestType);
  const responseType = service.lookupType(rpc.responseType);
  return { method, path: `/${SERVICE}/${method}`, requestType, responseType, httpRules: readHttpRules(rpc) };
};

interface ParsedHttpOption extends Partial<Record<string, unknown>> {
  additional_bindings?: ParsedHttpOption | ParsedHttpOption[];
}

const readHttpRules = (rpc: protobuf.Method): HttpRule[] => {
  const options = (rpc.parsedOptions ?? []) as unknown as Record<string, ParsedHttpOption | undefined>[];
  return options.flatMap((option) => {
    const rule = option["(google.api.http)"];
    if (rule === undefined) return [];
    return [rule, ...[rule.additional_bindings ?? []].flat()].flatMap(toHttpRule);
  });
};

const toHttpRule = (option: ParsedHttpOption): HttpRule[] =>
  ["get", "post", "patch"].flatMap((verb) => {
    const template = option[verb];
    const body = option["body"];
    if (typeof template !== "string") return [];
    return [{ verb: verb.toUpperCase(), template, body: typeof body === "string" ? body : undefined }];
  });
