import type { Collection, DataMap, Folder } from "../kernel/data-map/map.js";

/** What GDPR Art. 15(1) and (2) ask to be told with the copy, from the data map. */
export const exportFacts = (map: DataMap) => ({
  controller: map.controller,
  account: {
    ...map.authRecord,
    description: "Your sign-in account",
    recipients: ["Google (Identity Platform), as processor"],
  },
  collections: map.collections.filter(({ subject }) => subject.by !== "none").map(factsOfCollection),
  folders: map.folders.filter(({ subject }) => subject.by !== "none").map(factsOfFolder),
  rights: [
    "Have what is wrong corrected (Art. 16).",
    "Be erased (Art. 17): privacy-erasure-request does it at once.",
    "Have processing restricted (Art. 18).",
    "Take what you gave us elsewhere (Art. 20): this file is machine-readable.",
    "Object to processing that rests on legitimate interests (Art. 21).",
    "Withdraw a consent at any time, where processing rests on it (Art. 7(3)).",
    "Complain to a supervisory authority (Art. 77).",
  ],
  automatedDecisions: [
    {
      what: "Each sign-in is given a risk: how unusual its country, network, device and time are for you, and how many failures came before.",
      consequence:
        "An unusual sign-in needs a second factor, or is refused. Nothing else is decided by it, and a person can review it.",
      where: "Your decisions, with the reasons that counted, are in this file under riskDecisions.",
    },
  ],
});

const factsOfCollection = (collection: Collection) => ({
  ...common(collection),
  fields: Object.values(collection.fields).map(({ name, origin, class: dataClass, hardware, note }) => ({
    name,
    source: SOURCES[origin],
    class: dataClass,
    ...(hardware === true && { held: HELD_HOW }),
    ...(note !== undefined && { note }),
  })),
});

const factsOfFolder = (folder: Folder) => ({ ...common(folder), class: folder.class });

const common = ({
  name,
  description,
  purpose,
  legalBasis,
  recipients,
  retention,
  regions,
  erase,
  owner,
}: Collection | Folder) => ({
  name,
  description,
  purpose,
  legalBasis,
  recipients,
  retention: {
    days: retention.days,
    ...(retention.from !== undefined && { from: retention.from }),
    then: retention.then,
  },
  storedIn: regions ?? "anywhere the provider stores it",
  onErasure: erase,
  heldBy: owner === "app" ? "the app" : "its security back end",
});

const HELD_HOW =
  "Kept under a hardware key that no single person or program can use. This file says where a value is held. To receive it, write to the controller: two officers open it together, and you are told of the opening.";

const SOURCES = {
  given: "you gave it",
  observed: "seen while you used the service",
  inferred: "concluded from other data",
} as const;
