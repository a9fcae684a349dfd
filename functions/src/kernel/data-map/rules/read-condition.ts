import type { Demand } from "../declaration.js";
import type { Collection } from "../map.js";
import { fieldOf } from "./words.js";

/** Who may read a collection's documents, in the rules language; undefined when nobody may. */
export const readCondition = ({ access, subject }: Pick<Collection, "access" | "subject">): string | undefined => {
  const reader = readerCondition(access.read, subject);
  const conditions = [reader && `${reader}${demands(access.needs?.read)}`, operatorCondition(access.operators)];
  const either = conditions.filter((condition) => condition !== undefined);
  if (either.length === 2) return either.map((condition) => `(${condition})`).join("\n  || ");
  return either[0];
};

/** That the caller is the subject of a document as it was (`resource.data`) or will be (`incoming()`). */
export const isSubject = (subject: Collection["subject"], data: "resource.data" | "incoming()"): string => {
  if (subject.by === "path") return `isSelf(${subject.variable})`;
  if (subject.by === "field") return `isSelf(${fieldOf(data, subject.field)})`;
  if (subject.by === "array") return `request.auth.uid in ${fieldOf(data, subject.field)}`;
  return "false";
};

/** What else of the session is demanded, to be put behind a condition. */
export const demands = (demand: Demand | undefined): string =>
  [
    demand?.assurance !== undefined && `assuranceAtLeast(${String(demand.assurance)})`,
    demand?.permission !== undefined && `hasPermission('${demand.permission}')`,
    demand?.stepUp !== undefined && `steppedUp('${demand.stepUp}')`,
    demand?.device === true && "boundToDevice()",
  ]
    .filter((condition) => condition !== false)
    .map((condition) => ` && ${condition}`)
    .join("");

const readerCondition = (read: Collection["access"]["read"], subject: Collection["subject"]): string | undefined => {
  if (read === "public") return "true";
  if (read === "signed-in") return "hasLiveSession()";
  return read === "subject" ? `hasLiveSession() && ${isSubject(subject, "resource.data")}` : undefined;
};

const operatorCondition = (permission: string | undefined): string | undefined =>
  permission === undefined ? undefined : `hasPermission('${permission}') && assuranceAtLeast(2)`;
