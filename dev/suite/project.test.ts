import { describe, expect, test } from "@jest/globals";
import { PORT_NAMES } from "./ports.ts";
import type { Ports } from "./ports.ts";
import {
  EMULATORS,
  emulatorEnvironment,
  firebaseJson,
  functionsEnvironment,
  secretEnvironment,
  urlsOf,
  webConfig,
} from "./project.ts";

const ports = Object.fromEntries(PORT_NAMES.map((name, index) => [name, 20_000 + index])) as Ports;

interface FirebaseJson {
  storage?: object;
  emulators: Record<string, { host?: string; port?: number; websocketPort?: number; enabled?: boolean }>;
}

describe("the generated Firebase project", () => {
  const json = firebaseJson(ports, true) as FirebaseJson;

  test("every emulator listens on this machine only, on its own port", () => {
    for (const name of EMULATORS) {
      expect(json.emulators[name]).toMatchObject({ host: "127.0.0.1", port: ports[name] });
    }
    expect(json.emulators["firestore"]?.websocketPort).toBe(ports.websocket);
  });

  test("there is no emulator UI, which would be downloaded", () => {
    expect(json.emulators["ui"]).toEqual({ enabled: false });
  });

  test("without a rules runtime Storage is nowhere", () => {
    const without = firebaseJson(ports, false) as FirebaseJson;
    expect(without.storage).toBeUndefined();
    expect(without.emulators["storage"]).toBeUndefined();
    expect(emulatorEnvironment(ports, false)["STORAGE_EMULATOR_HOST"]).toBeUndefined();
  });
});

test("production's headers hold here too, and its content policy lets the page call the emulators", () => {
  const csp = { key: "Content-Security-Policy", value: "default-src 'none'; connect-src 'self'" };
  const nosniff = { key: "X-Content-Type-Options", value: "nosniff" };
  const json = firebaseJson(ports, true, { headers: [{ source: "**", headers: [csp, nosniff] }] });
  const { headers } = (json as { hosting: { headers: { headers: { value: string }[] }[] } }).hosting;
  const { auth, firestore, functions, storage } = urlsOf(ports);
  expect(headers[0]?.headers[0]?.value).toBe(
    `default-src 'none'; connect-src ${auth} ${firestore} ${functions} ${storage} 'self'`,
  );
  expect(headers[0]?.headers[1]).toEqual(nosniff);
});

test("the local KMS reaches the product by configuration only", () => {
  expect(functionsEnvironment({ ports, kms: "127.0.0.1:9" })["FIREKEEP_KMS_ENDPOINT"]).toBe("127.0.0.1:9");
  expect(functionsEnvironment({ ports, kms: undefined })).not.toHaveProperty("FIREKEEP_KMS_ENDPOINT");
  expect(secretEnvironment({ mail: "smtp://127.0.0.1:9" })).toEqual({ FIREKEEP_SMTP_URL: "smtp://127.0.0.1:9" });
});

test("Google's clients are pointed at the emulators and never ask the metadata server", () => {
  expect(emulatorEnvironment(ports, true)).toMatchObject({
    FIRESTORE_EMULATOR_HOST: `127.0.0.1:${String(ports.firestore)}`,
    FIREBASE_AUTH_EMULATOR_HOST: `127.0.0.1:${String(ports.auth)}`,
    METADATA_SERVER_DETECTION: "none",
  });
});

test("the console is at a name, as WebAuthn wants, and its configuration names every emulator it calls", () => {
  expect(urlsOf(ports).console).toBe(`http://localhost:${String(ports.hosting)}`);
  const { emulators } = webConfig(ports) as { emulators: Record<string, string> };
  expect(Object.keys(emulators).sort()).toEqual(["auth", "firestore", "functions", "storage"]);
});
