import { checkTemplate } from "./check-template.js";
import type { FolderDeclaration } from "./declaration.js";
import type { Tell } from "./fault.js";
import { variablesOf } from "./paths.js";
import type { LooseFolder } from "./read-declaration.js";

/** How a folder's objects are stored when the declaration does not say. */
export const folderStoredAs = (folder: Pick<FolderDeclaration, "class"> | LooseFolder): "token" | "plain" => {
  const given = folder as LooseFolder;
  return given.stored ?? (given.class === "RED" ? "token" : "plain");
};

/** Tells everything wrong with one bucket folder that can be seen without the others. */
export const checkFolder = (at: string, folder: LooseFolder, tell: Tell): void => {
  const template = folder.folder;
  if (template !== undefined) {
    checkTemplate(`${at}.folder`, template, tell);
    if (!template.endsWith("/")) {
      tell(`${at}.folder`, "must end in /, otherwise photos/u1 would also be the start of photos/u12");
    }
    const variable = folder.subject?.variable;
    if (variable !== undefined && !variablesOf(template).includes(variable)) {
      tell(`${at}.subject.variable`, `{${variable}} is not a whole segment of ${template}; name one of its variables`);
    }
  }
  for (const { key, says, broken } of FOLDER_FAULTS) if (broken(folder)) tell(`${at}.${key}`, says);
};

interface FolderFault {
  readonly key: string;
  readonly says: string;
  readonly broken: (folder: LooseFolder) => boolean;
}

const isToken = (folder: LooseFolder): boolean => folderStoredAs(folder) === "token";

const FOLDER_FAULTS: readonly FolderFault[] = [
  {
    key: "stored",
    says: "RED must be stored as token",
    broken: ({ class: dataClass, stored }) => dataClass === "RED" && stored === "plain",
  },
  {
    key: "stored",
    says: "GREEN is always plain; leave `stored` out, or make the class AMBER or RED",
    broken: ({ class: dataClass, stored }) => dataClass === "GREEN" && stored === "token",
  },
  {
    key: "stored",
    says: "an encrypted folder needs one person whose key it is under; give it a subject by path",
    broken: (folder) => isToken(folder) && folder.subject?.by === "none",
  },
  {
    key: "erase",
    says: 'an erased subject\'s key is destroyed, so encrypted objects cannot be kept; delete, or store AMBER as "plain"',
    broken: (folder) => isToken(folder) && typeof folder.erase === "object",
  },
  {
    key: "retention.then",
    says: "encrypted objects go with their subject's key, so there is no archive of them; delete",
    broken: (folder) => isToken(folder) && folder.retention?.then === "archive",
  },
  {
    key: "access.read",
    says: "others would get the ciphertext; encrypted objects are read by their subject or by nobody",
    broken: (folder) =>
      folder.class === "AMBER" &&
      isToken(folder) &&
      (folder.access?.read === "public" || folder.access?.read === "signed-in"),
  },
  {
    key: "access.operators",
    says: "operators have no key to it; leave it out, and hand files to them by a callable of yours",
    broken: (folder) => isToken(folder) && folder.access?.operators !== undefined,
  },
  {
    key: "retention.from",
    says: "objects run from their upload; leave it out",
    broken: ({ retention }) => retention?.from !== undefined,
  },
  {
    key: "erase",
    says: "the folder names the subject, so anonymised objects would still be theirs; delete, or keep with a reason",
    broken: ({ erase, subject }) => erase === "anonymise" && subject?.by === "path",
  },
  {
    key: "retention.then",
    says: "objects cannot be anonymised; delete or archive",
    broken: ({ retention }) => retention?.then === "anonymise",
  },
  {
    key: "access.read",
    says: "RED is read by its subject or by nobody",
    broken: ({ access, class: dataClass }) =>
      dataClass === "RED" && (access?.read === "public" || access?.read === "signed-in"),
  },
  {
    key: "access.read",
    says: "AMBER would be readable by anybody; signed-in is the widest",
    broken: ({ access, class: dataClass }) => dataClass === "AMBER" && access?.read === "public",
  },
  {
    key: "access",
    says: "there is no subject to read or write it; give the folder a subject by path",
    broken: ({ access, subject }) =>
      subject?.by === "none" && (access?.read === "subject" || access?.write === "subject"),
  },
  {
    key: "access.needs.read",
    says: "there is no reader in a session to demand it of; say read by subject or signed-in",
    broken: ({ access }) => access?.needs?.read !== undefined && (access.read === "nobody" || access.read === "public"),
  },
  {
    key: "access.needs.write",
    says: "no client writes it",
    broken: ({ access }) => access?.needs?.write !== undefined && access.write === "nobody",
  },
  {
    key: "class",
    says: "personal data without a subject can be neither exported nor erased; give the folder a subject by path",
    broken: ({ class: dataClass, subject }) => subject?.by === "none" && (dataClass === "AMBER" || dataClass === "RED"),
  },
  {
    key: "recipients",
    says: '"none" stands alone',
    broken: ({ recipients }) => recipients !== undefined && recipients.length > 1 && recipients.includes("none"),
  },
];
