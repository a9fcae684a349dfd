// One runner for every folder. TypeScript is only stripped (by swc), types are checked by `npm run ok`.
export default {
  rootDir: import.meta.dirname,
  testEnvironment: "node",
  roots: ["functions/src", "client", "dev", "infra", "test", "bench"].map((folder) => `<rootDir>/${folder}`),
  testMatch: ["**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.firekeep", "<rootDir>/functions/lib"],
  transform: {
    "\\.(ts|mts)$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } }],
  },
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  // Memory of two cores' worth of workers; what needs a suite shares one.
  maxWorkers: 2,
  testTimeout: 30_000,
  passWithNoTests: false,
};
