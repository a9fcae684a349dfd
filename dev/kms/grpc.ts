import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { decodeMessage, encodeMessage } from "./descriptors.ts";
import type { MethodDescriptor } from "./descriptors.ts";
import { publicStatus } from "./errors.ts";
import type { Serve } from "./service.ts";

/** Serves the API over gRPC without TLS on 127.0.0.1; port 0 takes a free one. */
export const listenGrpc = async (
  serve: Serve,
  descriptors: readonly MethodDescriptor[],
  port: number,
): Promise<{ port: number; stop: () => void }> => {
  const server = new Server();
  server.addService(serviceDefinition(descriptors), implementation(serve, descriptors));
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, boundPort) =>
      error ? reject(error) : resolve(boundPort),
    );
  });
  return { port: bound, stop: () => server.forceShutdown() };
};

const serviceDefinition = (descriptors: readonly MethodDescriptor[]): ServiceDefinition =>
  Object.fromEntries(
    descriptors.map(({ method, path, requestType, responseType }) => [
      method,
      {
        path,
        requestStream: false,
        responseStream: false,
        requestSerialize: (message: object) => encodeMessage(requestType, message),
        requestDeserialize: (bytes: Buffer) => decodeMessage(requestType, bytes),
        responseSerialize: (message: object) => encodeMessage(responseType, message),
        responseDeserialize: (bytes: Buffer) => decodeMessage(responseType, bytes),
      },
    ]),
  );

const implementation = (serve: Serve, descriptors: readonly MethodDescriptor[]): UntypedServiceImplementation =>
  Object.fromEntries(
    descriptors.map(({ method }) => [
      method,
      (call: ServerUnaryCall<object, object>, answer: sendUnaryData<object>) => {
        serve(method, call.request).then(
          (response) => answer(null, response),
          (error: unknown) => {
            const { status: name, message } = publicStatus(error);
            answer({ code: status[name], details: message });
          },
        );
      },
    ]),
  );
