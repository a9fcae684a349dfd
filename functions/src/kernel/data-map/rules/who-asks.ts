import type { RulesContext } from "./index.js";
import { bar, indent, quoted } from "./layout.js";

/**
 * The questions that rules ask, each a named function of the rules language.
 * `fetch` reads a document: `get` in Firestore rules, `firestore.get` in Storage rules.
 */
export const whoAsks = (fetch: string, { roles, stepUp }: RulesContext): string =>
  `${bar("who is asking")}

function isSignedIn() {
  return request.auth != null;
}

function isSelf(uid) {
  return request.auth.uid == uid;
}

// The session document is the truth about a sign-in; the token only names it. A missing one denies.
function session() {
  return ${fetch}/secSessions/$(request.auth.token.sid)).data;
}

function hasLiveSession() {
  return isSignedIn() && isLive(session());
}

// A stolen sid is of no use to another account or tenant, and nothing goes on while risk demands a second factor.
function isLive(session) {
  return isSelf(session.uid)
    && request.auth.token.firebase.get('tenant', null) == session.get('tenant', null)
    && session.get('revokedAt', null) == null
    && request.time.toMillis() < session.idleExpiresAt
    && request.time.toMillis() < session.absoluteExpiresAt
    && session.stepUpRequired == false;
}

// NIST SP 800-63B-4: 1, 2 or 3, as reached in this session.
function assuranceAtLeast(level) {
  return hasLiveSession() && session().aal >= level;
}

// Whether this device can prove a key of its own. The proof itself comes with calls of functions, never with direct access.
function boundToDevice() {
  return hasLiveSession() && session().get('jkt', null) != null;
}

// Whether the person signed in with this tenant; null for the project itself.
function sameTenant(tenant) {
  return hasLiveSession() && session().get('tenant', null) == tenant;
}

function hasRole(role) {
  return hasLiveSession() && role in session().roles;
}

function hasPermission(permission) {
  return hasLiveSession() && session().roles.hasAny(rolesWith(permission));
}

function rolesWith(permission) {
  return {
${indent(rolesByPermission(roles).join(",\n"), 4)}
  }[permission];
}

// A second factor was given for this scope a short while ago. Some scopes want one of their own.
function steppedUp(scope) {
  return hasLiveSession() && (isOpen(scope) || (!(scope in ${quoted(stepUp.exactScopes)}) && isOpen('any')));
}

// A second factor approved exactly this: the hash is hashOf() the JSON of the scope and what the person saw.
// Rules cannot use it up: let it make one document only, whose id is the hash.
function approved(scope, hash) {
  return hasLiveSession() && hash is string && isFresh(mark(scope)) && mark(scope).get('transaction', null) == hash;
}

function isOpen(scope) {
  return isFresh(mark(scope)) && mark(scope).get('transaction', null) == null;
}

function isFresh(mark) {
  return request.time.toMillis() - mark.get('at', 0) < ${String(stepUp.ms)};
}

function mark(scope) {
  return session().stepUp.get(scope, {});
}

// SHA-256 of a text in base64url, as Firekeep writes hashes.
function hashOf(text) {
  return hashing.sha256(text).toBase64().replace('[+]', '-').replace('/', '_').replace('=', '');
}`;

const rolesByPermission = (roles: RulesContext["roles"]): string[] => {
  // Everyone signed in holds `self`; the rules ask isSelf() instead.
  const permissions = [...new Set(Object.values(roles).flat())].filter((permission) => permission !== "self").sort();
  return permissions.map((permission) => {
    const holders = Object.keys(roles).filter((role) => roles[role]?.includes(permission) === true);
    return `'${permission}': [${holders.map((role) => `'${role}'`).join(", ")}]`;
  });
};
