import { decodeMessage, encodeMessage } from "./descriptors.ts";
import type { HttpRule, MethodDescriptor } from "./descriptors.ts";
import { kmsError, publicStatus } from "./errors.ts";
import type { StatusName } from "./errors.ts";
import { listenLoopback } from "./loopback.ts";
import type { JsonAnswer, JsonRequest } from "./loopback.ts";
import { fromProtoJson, toProtoJson } from "./proto-json.ts";
import type { Serve } from "./service.ts";

/** The HTTP status of each gRPC status that can occur, as google.rpc.Code maps them; others are 500. */
const HTTP_STATUS: Partial<Record<StatusName, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Serves the same API as JSON over HTTP/1 on 127.0.0.1, as the client's `fallback: true` calls it. */
export const listenRest = (
  serve: Serve,
  descriptors: readonly MethodDescriptor[],
  port: number,
): Promise<{ port: number; stop: () => Promise<void> }> => {
  const routes = descriptors.flatMap((descriptor) =>
    descriptor.httpRules.map((rule) => compileRoute(descriptor, rule)),
  );
  return listenLoopback(port, async (request) => {
    try {
      return await answerCall(serve, routes, request);
    } catch (error) {
      return answerError(error);
    }
  });
};

interface Route {
  readonly descriptor: MethodDescriptor;
  readonly rule: HttpRule;
  readonly path: RegExp;
  /** The request's fields that the path's groups fill, as dotted names. */
  readonly pathFields: readonly string[];
}

const answerCall = async (serve: Serve, routes: readonly Route[], request: JsonRequest): Promise<JsonAnswer> => {
  for (const route of routes) {
    const match = route.rule.verb === request.verb ? route.path.exec(request.url.pathname) : null;
    if (match === null) continue;
    const { method, requestType, responseType } = route.descriptor;
    const message = fromProtoJson(requestType, readRequest(route, match, request));
    const response = await serve(method, decodeMessage(requestType, encodeMessage(requestType, message)));
    const normal = decodeMessage(responseType, encodeMessage(responseType, response));
    return { status: 200, body: toProtoJson(responseType, normal) };
  }
  throw kmsError("not-found", `Path ${request.url.pathname}`);
};

const answerError = (error: unknown): JsonAnswer => {
  const { status: name, message } = publicStatus(error);
  const code = HTTP_STATUS[name] ?? 500;
  return { status: code, body: { error: { code, message, status: name } } };
};

/** Path, query and body become one JSON request; the client sends an empty message as the JSON string "". */
const readRequest = (route: Route, match: RegExpExecArray, { url, body }: JsonRequest): Record<string, unknown> => {
  const json: Record<string, unknown> = {};
  if (route.rule.body === "*") Object.assign(json, body);
  else if (route.rule.body !== undefined) json[camelCase(route.rule.body)] = body === "" ? {} : (body ?? {});
  for (const [name, value] of url.searchParams) if (!name.startsWith("$")) setField(json, name, value);
  route.pathFields.forEach((field, index) => {
    setField(json, field, (match[index + 1] ?? "").split("/").map(decodeURIComponent).join("/"));
  });
  return json;
};

const setField = (json: Record<string, unknown>, dotted: string, value: string): void => {
  const [head = "", ...rest] = dotted.split(".").map(camelCase);
  if (rest.length === 0) {
    json[head] = value;
    return;
  }
  const inner = { ...(json[head] as Record<string, unknown> | undefined) };
  setField(inner, rest.join("."), value);
  json[head] = inner;
};

/** "/v1/{name=projects/*\/…}:encrypt" becomes an expression with one group for each `{field=pattern}`. */
const compileRoute = (descriptor: MethodDescriptor, rule: HttpRule): Route => {
  const pathFields: string[] = [];
  const source = rule.template.split(/(\{[^}]+\})/).map((part) => {
    const variable = /^\{([^}=]+)=([^}]+)\}$/.exec(part);
    if (variable === null) return escapeRegExp(part);
    pathFields.push(variable[1] ?? "");
    return `(${(variable[2] ?? "")
      .split(/(\*\*|\*)/)
      .map(wildcard)
      .join("")})`;
  });
  return { descriptor, rule, path: new RegExp(`^${source.join("")}$`), pathFields };
};

const wildcard = (part: string): string => (part === "**" ? ".+" : part === "*" ? "[^/]+" : escapeRegExp(part));

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const camelCase = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
