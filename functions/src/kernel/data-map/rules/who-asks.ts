import type { RulesContext } from "./index.js";
import { bar, indent } from "./layout.js";

/**
 * The questions that rules ask, each a named function of the rules language.
 * `fetch` reads a document: `get` in Firestore rules, `firestore.get` in Storage rules.
 */
export const whoAsks = (fetch: string, { roles }: RulesContext): string =>
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

// A stolen sid is of no use to another account, and nothing goes on while risk demands a second factor.
function isLive(session) {
  return isSelf(session.uid)
    && session.get('revokedAt', null) == null
    && request.time.toMillis() < session.idleExpiresAt
    && request.time.toMillis() < session.absoluteExpiresAt
    && session.stepUpRequired == false;
}

// NIST SP 800-63B-4: 1, 2 or 3, as reached in this session.
function assuranceAtLeast(level) {
  return hasLiveSession() && session().aal >= level;
}

function hasPermission(permission) {
  return hasLiveSession() && session().roles.hasAny(rolesWith(permission));
}

function rolesWith(permission) {
  return {
${indent(rolesByPermission(roles).join(",\n"), 4)}
  }[permission];
}`;

const rolesByPermission = (roles: RulesContext["roles"]): string[] => {
  // Everyone signed in holds `self`; the rules ask isSelf() instead.
  const permissions = [...new Set(Object.values(roles).flat())].filter((permission) => permission !== "self").sort();
  return permissions.map((permission) => {
    const holders = Object.keys(roles).filter((role) => roles[role]?.includes(permission) === true);
    return `'${permission}': [${holders.map((role) => `'${role}'`).join(", ")}]`;
  });
};
