import { KeyManagementServiceClient } from "@google-cloud/kms";
import { credentials } from "@grpc/grpc-js";
import { googleAuthLibrary } from "google-gax";

type ClientOptions = NonNullable<ConstructorParameters<typeof KeyManagementServiceClient>[0]>;

/** The official client over gRPC, pointed at a local KMS; without credentials, so that nothing asks Google for them. */
export const localKmsClient = ({ port }: { readonly port: number }): KeyManagementServiceClient =>
  new KeyManagementServiceClient({
    ...noAuth(),
    apiEndpoint: "127.0.0.1",
    port,
    sslCreds: credentials.createInsecure(),
  });

/** The same over the client's REST transport. */
export const localKmsRestClient = ({ restPort }: { readonly restPort: number }): KeyManagementServiceClient =>
  new KeyManagementServiceClient({
    ...noAuth(),
    apiEndpoint: "127.0.0.1",
    port: restPort,
    protocol: "http",
    fallback: true,
  });

// The client's own copy of google-auth-library: another version's credentials lack what its REST transport calls. Its
// default fetch is a package loaded by dynamic import, which Jest's sandbox refuses; Node's own serves everywhere.
const noAuth = (): Pick<ClientOptions, "authClient"> => ({
  authClient: new googleAuthLibrary.PassThroughClient({ transporterOptions: { fetchImplementation: fetch } }),
});
