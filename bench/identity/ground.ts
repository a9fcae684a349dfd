import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Policy } from "../../functions/src/platform/api.ts";
import type * as DefaultGate from "../../functions/src/platform/default-gate.ts";
import type * as GateModule from "../../functions/src/platform/gate.ts";
import type { Call } from "../../functions/src/platform/gate.ts";
import { newDevice } from "./device.ts";
import { countCalls, type Operations } from "./firestore-calls.ts";
import { newPasskey } from "./passkey.ts";

const require = createRequire(join(import.meta.dirname, "../../functions/lib/index.js"));
const otplib = require("otplib") as typeof import("otplib");
const { getAuth } = require("firebase-admin/auth") as {
  getAuth: (app: object) => { createUser: (account: object) => Promise<{ uid: string }> };
};

type Answer = Record<string, unknown>;
type Group = Record<string, { run: (request: Call["request"]) => Promise<Answer> } | undefined>;

/** Identity's functions as deployed, in this process, on the emulators that the environment names. */
export const openGround = () => {
  const project = process.env["GCLOUD_PROJECT"] ?? "";
  const { identity } = require("./index.js") as { identity: Record<string, Group | undefined> };
  const { identityApi } = require("./identity/api.js") as { identityApi: Record<string, Policy> };
  const { authorize } = require("./platform/gate.js") as typeof GateModule;
  const { defaultGate } = require("./platform/default-gate.js") as typeof DefaultGate;
  const { app } = require("./platform/app.js") as { app: () => object };

  const person = async () => {
    const email = `bench-${randomBytes(6).toString("hex")}@example.org`;
    const { uid } = await getAuth(app()).createUser({
      email,
      emailVerified: true,
      password: randomBytes(16).toString("hex"),
    });
    const [device, sid] = [newDevice(project), randomBytes(16).toString("base64url")];
    const passkey = newPasskey(
      process.env["FIREKEEP_RP_ID"] ?? "",
      (process.env["FIREKEEP_ORIGINS"] ?? "").split(",")[0] ?? "",
    );
    let backupCodes: string[] = [];
    let userHandle = "";
    const call = (key: string, input: object, who: { uid: string; sid: string } | undefined = { uid, sid }) => {
      const [noun = "", verb = ""] = key.split("-");
      const found = identity[noun]?.[verb];
      if (found === undefined) throw new Error(`there is no identity-${key}`);
      return found.run(device.request(`identity-${key}`, input, who));
    };
    const pass = async (key: string, times: number): Promise<void> => {
      const policy = identityApi[key];
      if (policy === undefined) throw new Error(`there is no ${key}`);
      const id = `identity-${key}`;
      for (let index = 0; index < times; index += 1)
        await authorize(defaultGate(), { id, policy, request: device.request(id, {}, { uid, sid }) });
    };
    return {
      pass,
      start: () => call("session-start", { device: { name: "Bench" }, binding: device.binding }),
      enrolTotp: async (): Promise<string> => {
        const { secret } = (await call("totp-enrol", {})) as { secret: string };
        // The code of the step before, so that the one in force is left for what is measured.
        const confirmed = await call("totp-confirm", { code: codeOf(secret, -30) });
        backupCodes = confirmed["backupCodes"] as string[];
        return secret;
      },
      verifyTotp: (secret: string) => call("totp-verify", { code: codeOf(secret, 0), scope: "any" }),
      verifyBackupCode: () => call("backup-verify", { code: backupCodes[0], scope: "any" }),
      enrolPasskey: async (): Promise<void> => {
        const begun = (await call("passkey-enrol", {})) as {
          challenge: string;
          options: { challenge: string; user: { id: string } };
        };
        userHandle = begun.options.user.id;
        const response = passkey.register(begun.options.challenge);
        await call("passkey-confirm", { challenge: begun.challenge, response, name: "Bench" });
      },
      beginPasskey: async () => {
        const begun = (await call("passkey-begin", {}, undefined)) as {
          challenge: string;
          options: { challenge: string };
        };
        return { challenge: begun.challenge, response: passkey.use(begun.options.challenge, userHandle) };
      },
      finishPasskey: (asked: { challenge: string; response: object }) =>
        call("passkey-finish", { ...asked, device: { name: "Bench" }, binding: device.binding }, undefined),
    };
  };
  return { person, count: countCalls };
};

const codeOf = (secret: string, seconds: number): string => {
  const epoch = Math.floor(Date.now() / 1_000) + seconds;
  return otplib.generateSync({ secret, epoch, period: 30, digits: 6, algorithm: "sha1" });
};

export type Ground = ReturnType<typeof openGround>;
export type { Operations };
