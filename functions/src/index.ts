/**
 * The table of contents. Each domain loads on first read, so an instance pays only for the domain it serves:
 * discovery, the Functions Framework and the emulator all read `exports.<domain>` by name.
 */
/* eslint-disable @typescript-eslint/no-require-imports -- a getter must load synchronously */
import { bindGate } from "./platform/gate-ports.js";

const identity = () => require("./identity/index.js") as typeof import("./identity/index.js");

bindGate({
  record: async (event) => (require("./audit/index.js") as typeof import("./audit/index.js")).record(event),
  stepUp: async (request) => identity().stepUp(request),
  methods: async (uid) => identity().methods(uid),
  observe: async (seen) => identity().observe(seen),
  sessionStolen: async (seen) => identity().sessionStolen(seen),
});

const group = (domain: string, load: () => object): void => {
  Object.defineProperty(exports, domain, { enumerable: true, get: load });
};

group("identity", () => require("./identity/functions.js") as object);
group("encryption", () => require("./encryption/functions.js") as object);
group("detection", () => require("./detection/functions.js") as object);
group("privacy", () => require("./privacy/functions.js") as object);
group("incidents", () => require("./incidents/functions.js") as object);
group("audit", () => require("./audit/functions.js") as object);
