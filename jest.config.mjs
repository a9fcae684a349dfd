// One runner for every folder. TypeScript is only stripped (by swc); its types are checked by `npm run ok`.
const swc = (syntax) => ["@swc/jest", { jsc: { target: "es2023", parser: { syntax } }, module: { type: "commonjs" } }];

export default {
  rootDir: import.meta.dirname,
  testEnvironment: "node",
  roots: ["functions/src", "client", "dev", "infra", "test", "bench"].map((folder) => `<rootDir>/${folder}`),
  testMatch: ["**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.firekeep", "<rootDir>/functions/lib"],
  transform: {
    "\\.(ts|mts)$": swc("typescript"),
    "\\.mjs$": swc("ecmascript"),
    // ESM only, required by CommonJS packages (otplib, firebase-admin/auth): Node 22 can, jest cannot.
    "node_modules/(@scure|@noble|jose)/.+\\.js$": swc("ecmascript"),
  },
  transformIgnorePatterns: ["/node_modules/(?!(@scure|@noble|jose)/)"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  // Two cores; what needs a suite shares one.
  maxWorkers: 2,
  testTimeout: 30_000,
  // The product logs what it refuses; a failing test says what it needs itself.
  silent: true,
};
