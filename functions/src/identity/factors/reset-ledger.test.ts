import { describe, expect, test } from "@jest/globals";
import { config } from "../../config.js";
import type { Factors } from "./factors.js";
import type { Passkey } from "./passkey.js";
import { resetFactors } from "./reset-ledger.js";

const NOW = 1_900_000_000_000;

const passkey = (id: string, createdAt = NOW): Passkey => ({
  id,
  publicKey: new Uint8Array([1]),
  counter: 0,
  transports: [],
  aaguid: "00000000-0000-0000-0000-000000000000",
  backupEligible: false,
  backedUp: false,
  userVerified: true,
  attestation: "none",
  name: id,
  createdAt,
});

const ledger: Factors = {
  totp: { id: "f", sealedSeed: new Uint8Array(3), enrolledAt: NOW, lastStep: 1 },
  pending: { id: "p", sealedSeed: new Uint8Array(3), sid: "s", expiresAt: NOW + config.totp.pendingMs },
  backup: { hashes: [new Uint8Array(32)], createdAt: NOW },
  passkeys: [passkey("one"), passkey("two"), passkey("later", NOW + 1)],
  userHandle: "handle",
  attempts: { totp: { failures: 3, burst: 3, lastAt: NOW }, "backup-code": { failures: 1, burst: 1, lastAt: NOW } },
};

describe("what a recovery leaves of the ledger", () => {
  test("is without the passkeys that were named, all codes and what was begun; the rest stays as it was", () => {
    const { next, answer } = resetFactors(ledger, { totp: false, passkeys: ["two"], before: NOW });
    expect(answer).toEqual({ totp: false, passkeys: 1, codes: 1 });
    expect(next).toEqual({
      totp: ledger.totp,
      passkeys: [passkey("one"), passkey("later", NOW + 1)],
      userHandle: "handle",
      attempts: { totp: ledger.attempts.totp },
    });
  });

  test("is what was set up since, when everything was lost", () => {
    const { next } = resetFactors(ledger, { totp: true, passkeys: "all", before: NOW });
    expect(next).toEqual({ passkeys: [passkey("later", NOW + 1)], userHandle: "handle", attempts: {} });
  });

  test("is nothing but the user handle, when nothing was set up since", () => {
    const { next } = resetFactors(ledger, { totp: true, passkeys: "all", before: NOW + 1 });
    expect(next).toEqual({ passkeys: [], userHandle: "handle", attempts: {} });
  });

  test("is the same when it is done again, also after new factors were set up", () => {
    const lost = { totp: true, passkeys: "all", before: NOW } as const;
    const once = resetFactors(ledger, lost).next!;
    expect(resetFactors(once, lost)).toEqual({ answer: { totp: false, passkeys: 0, codes: 0 } });
    const renewed: Factors = {
      totp: { ...ledger.totp!, enrolledAt: NOW + 1 },
      backup: { hashes: [], createdAt: NOW + 1 },
      passkeys: [],
      attempts: {},
    };
    expect(resetFactors(renewed, lost)).toEqual({ answer: { totp: false, passkeys: 0, codes: 0 } });
    const later: Factors = {
      passkeys: [],
      attempts: {},
      pending: { ...ledger.pending!, expiresAt: NOW + 1 + config.totp.pendingMs },
    };
    expect(resetFactors(later, lost)).toEqual({ answer: { totp: false, passkeys: 0, codes: 0 } });
  });
});
