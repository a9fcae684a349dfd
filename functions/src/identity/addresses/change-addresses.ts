import { config } from "../../config.js";
import { randomId } from "../../kernel/random.js";
import type { Caller } from "../../platform/secure-call.js";
import { checkCode } from "../codes/check-code.js";
import { sendCode, type CodeDeps } from "../codes/send-code.js";
import type { IdentityDeps } from "../deps.js";
import { identityError } from "../errors.js";
import { identityEvent } from "../events.js";
import { sessionOf } from "../sessions/revoke-sessions.js";
import { maskAddress, openAddress, sealAddress, type ContactDeps } from "./addresses-of.js";

type Deps = CodeDeps & ContactDeps & Pick<IdentityDeps, "notify" | "record">;

const CONFIRM = "address.confirm";

/** Mails a code to the address. It counts for nothing until the code came, in the session that asked. */
export const addAddress = async (deps: Deps, caller: Caller, email: string) => {
  const { uid } = caller;
  const { sid } = sessionOf(caller);
  const id = randomId(deps.random);
  const now = deps.clock();
  const place = await sealAddress(deps, { uid, id, address: email });
  const contact = { ...place, addedAt: now, pendingUntil: now + config.mailCodes.lifeMs };
  const added = await deps.contacts.add(uid, contact, { limit: config.contacts.limit, now });
  if (added !== "added") throw identityError(added === "full" ? "address-full" : "address-known");
  return sendCode(deps, { purpose: CONFIRM, place: sid, address: email, uid, sid, facts: { contact: id } });
};

/** The code shows that the person reads mail there. Every address of the account is told, the new one too. */
export const confirmAddress = async (
  deps: Deps,
  caller: Caller,
  { challenge, code }: { challenge: string; code: string },
): Promise<{ address: string }> => {
  const { uid } = caller;
  const { sid } = sessionOf(caller);
  const { facts } = await checkCode(deps, { challenge, code, purpose: CONFIRM, uid, sid });
  const contact = await deps.contacts.confirm(uid, String(facts["contact"]), deps.clock());
  if (contact === undefined) throw identityError("code-rejected");
  const address = maskAddress(await openAddress(deps, uid, contact));
  await deps.record({ ...by(caller), type: identityEvent["address-added"] });
  await deps.notify({ id: `address-added/${contact.id}`, uid, kind: "address-added", sid, facts: { address } });
  return { address };
};

export const removeAddress = async (deps: Deps, caller: Caller, id: string): Promise<{ removed: true }> => {
  const { uid } = caller;
  const { sid } = sessionOf(caller);
  const contact = await deps.contacts.remove(uid, id);
  if (contact === undefined) throw identityError("address-unknown");
  const address = await openAddress(deps, uid, contact);
  await deps.record({ ...by(caller), type: identityEvent["address-removed"] });
  const told = contact.confirmedAt === undefined ? [] : [address];
  await deps.notify({
    id: `address-removed/${id}`,
    uid,
    kind: "address-removed",
    sid,
    facts: { address: maskAddress(address) },
    alsoTo: told,
  });
  return { removed: true };
};

/** Masked: who looks over the person's shoulder, or into a stolen session, learns no address to attack. */
export const listAddresses = async (deps: ContactDeps, { uid }: Pick<Caller, "uid">) => {
  const contacts = await deps.contacts.list(uid);
  const addresses = await Promise.all(
    contacts.map(async (contact) => ({
      id: contact.id,
      address: maskAddress(await openAddress(deps, uid, contact)),
      confirmed: contact.confirmedAt !== undefined,
      addedAt: contact.addedAt,
    })),
  );
  return { addresses };
};

const by = (caller: Caller) => ({
  outcome: "success" as const,
  subject: caller.uid,
  ip: caller.ip,
  ...(caller.sid !== undefined && { session: caller.sid }),
});
