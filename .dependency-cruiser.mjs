// Who may import whom. Arrows point down only; across domains only to index.ts; sideways by Pub/Sub event.
const mayImport = {
  audit: [],
  encryption: ["audit"],
  detection: ["encryption", "audit"],
  identity: ["encryption", "detection", "audit"],
  privacy: ["encryption", "audit"],
  incidents: ["identity", "encryption", "audit"],
};
const domains = Object.keys(mayImport);
const src = "^functions/src";
const tests = "\\.(test|contract|fixture)\\.ts$";
const sdks = "node_modules/(firebase-admin|firebase-functions|@google-cloud)/";

const betweenDomains = domains.flatMap((domain) => {
  const from = { path: `${src}/${domain}/`, pathNot: tests };
  const others = domains.filter((other) => other !== domain && !mayImport[domain].includes(other));
  return [
    { name: `${domain}-stays-in-its-layer`, severity: "error", from, to: { path: `${src}/(${others.join("|")})/` } },
    {
      name: `${domain}-uses-others-by-index`,
      severity: "error",
      from,
      to: { path: `${src}/(${domains.filter((other) => other !== domain).join("|")})/`, pathNot: "/index\\.ts$" },
    },
  ];
});

export default {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: { path: src },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "kernel-imports-nothing",
      severity: "error",
      from: { path: `${src}/kernel/`, pathNot: tests },
      to: { path: "^functions/", pathNot: `${src}/kernel/` },
    },
    {
      name: "platform-knows-no-domain",
      severity: "error",
      from: { path: `${src}/platform/`, pathNot: tests },
      to: { path: `${src}/(${domains.join("|")})/` },
    },
    ...betweenDomains,
    {
      name: "sdks-at-the-edge",
      comment: "Types may be named anywhere; code of the SDKs only in platform/, functions.ts and *.firestore.ts.",
      severity: "error",
      from: { path: src, pathNot: `${src}/platform/|/functions\\.ts$|\\.firestore\\.ts$|${tests}` },
      to: { path: sdks, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, path: src, pathNot: `${src}/(index|data-map|api)\\.ts$|\\.d\\.ts$` },
      to: {},
    },
    {
      name: "product-imports-no-development-code",
      severity: "error",
      from: { path: `${src}|^client/`, pathNot: tests },
      to: { path: "^(dev|bench|test)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "functions/lib|\\.firekeep" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "functions/tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"] },
  },
};
