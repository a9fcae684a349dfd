import { currentStep, nextStep, totpCode } from "./authenticator-app.ts";
import type { Step } from "./step.ts";

export const secondFactor: Step = {
  title: "An authenticator app, backup codes, step-up",
  run: async ({ ann, memory }, { see, hold, refused }) => {
    const enrolment = await ann.call("identity-totp-enrol", {});
    see("otpauth URI", enrolment.uri.replace(/secret=[^&]+/, "secret=…"));
    hold("the QR code is an SVG document", enrolment.qrSvg.includes("<svg"));
    const step = currentStep();
    const confirmed = await ann.call("identity-totp-confirm", { code: totpCode(enrolment.secret, step) });
    hold(
      "ten backup codes, 24 letters each, shown once",
      confirmed.backupCodes.length === 10 && confirmed.backupCodes.every(isBackupCode),
    );
    await refused("the confirmation code counts as used", "identity/code-rejected", () =>
      ann.call("identity-totp-verify", { code: totpCode(enrolment.secret, step) }),
    );
    const guarded = () => ann.call("identity-backup-regenerate", {});
    const asked = await refused("a guarded call names what it needs", "request/step-up-required", guarded);
    see("needed", asked.details);
    see("waiting", "for the authenticator app's next code");
    const next = await nextStep(step);
    const code = totpCode(enrolment.secret, next);
    const fresh = await ann.call("identity-backup-regenerate", {}, { method: "totp", code });
    hold("the same call with the code along passes in the same request", fresh.backupCodes.length === 10);
    await refused("the code cannot be replayed", "identity/code-rejected", () =>
      ann.call("identity-totp-verify", { code }),
    );
    const [oldCode = "", newCode = ""] = [confirmed.backupCodes[0], fresh.backupCodes[0]];
    await refused("regenerating killed the first backup codes", "identity/code-rejected", () =>
      ann.call("identity-backup-verify", { code: oldCode }),
    );
    const used = await ann.call("identity-backup-verify", { code: newCode });
    hold("a backup code works", used.remaining === 9);
    await refused("a backup code works once", "identity/code-rejected", () =>
      ann.call("identity-backup-verify", { code: newCode }),
    );
    memory.totpSecret = enrolment.secret;
    memory.lastTotpStep = next;
    memory.backupCodes = fresh.backupCodes.slice(1);
  },
};

const isBackupCode = (code: string): boolean => code.replace(/[\s-]/g, "").length === 24;
