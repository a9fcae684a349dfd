import tseslint from "typescript-eslint";

const banned = (name, message) => ({ name, message });
const rootImports = ["firebase-functions", "firebase-functions/v2", "firebase-functions/v1", "firebase-admin"].map(
  (name) => banned(name, "Import the subpath: the package root loads hundreds of modules into every cold start."),
);

export default tseslint.config(
  { ignores: ["**/node_modules", "**/lib", "**/dist", ".firekeep", "**/*.{mjs,cjs,js}", "**/*.d.ts"] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Use node:crypto, injected." },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/prefer-nullish-coalescing": "error",
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "@typescript-eslint/dot-notation": "off", // noPropertyAccessFromIndexSignature asks for brackets
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }], // lazy requires name their module's type
    },
  },
  {
    files: ["functions/src/**/*.ts"],
    ignores: ["**/*.test.ts", "**/*.fixture.ts", "**/*.contract.ts"],
    rules: {
      "no-restricted-imports": ["error", { paths: rootImports }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "Literal[value=/FUNCTIONS_EMULATOR|EMULATOR_HOST/]",
          message: "Product code never asks whether it is emulated.",
        },
      ],
    },
  },
  {
    files: ["functions/src/**/*.ts"],
    ignores: ["functions/src/config.ts", "**/*.test.ts", "**/*.fixture.ts", "**/*.contract.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Use node:crypto, injected." },
        { object: "process", property: "env", message: "Read it in config.ts." },
      ],
    },
  },
  { files: ["dev/**/*.ts", "bench/**/*.ts"], rules: { "no-console": "off" } },
  {
    files: ["**/*.test.ts", "**/*.contract.ts", "**/*.fixture.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off", // a test that meets nothing fails all the same
      "@typescript-eslint/require-await": "off", // fakes implement asynchronous ports
      "@typescript-eslint/unbound-method": "off",
    },
  },
);
