import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { STACKS, parseStackConfig } from "../src/config.ts";
import { functionsEnv, stackOutputs } from "../src/outputs.ts";
import { stackFile } from "./stack-file.ts";

const source = readFileSync(join(__dirname, "../../functions/src/config.ts"), "utf8");
const variables = [...source.matchAll(/^ {2}(FIREKEEP_[A-Z_]+): \{ required: (true|false) \}/gm)].map(
  ([, name = "", required]) => ({
    name,
    required: required === "true",
  }),
);
const written = (stack: string): string[] =>
  [...functionsEnv(stackOutputs(parseStackConfig(stack, stackFile(stack)))).matchAll(/^([A-Z_]+)=/gm)].map(
    ([, name = ""]) => name,
  );

test.each(STACKS)("%s: writes every variable that the functions require, and none that they do not know", (stack) => {
  expect(variables.length).toBeGreaterThan(0);
  expect(written(stack)).toEqual(
    expect.arrayContaining(variables.filter(({ required }) => required).map(({ name }) => name)),
  );
  expect(variables.map(({ name }) => name)).toEqual(expect.arrayContaining(written(stack)));
});

test("never points functions in the cloud at a local KMS", () => {
  expect(written("prod")).not.toContain("FIREKEEP_KMS_ENDPOINT");
});

test.each(STACKS)("%s: the load balancer looks for the functions in the region where they are deployed", (stack) => {
  const region = /^ {4}region: "([a-z0-9-]+)",$/m.exec(source)?.[1];
  expect(parseStackConfig(stack, stackFile(stack)).locations.functions).toBe(region);
});

test("writes the text that firebase deploy reads", () => {
  expect(functionsEnv(stackOutputs(parseStackConfig("prod", stackFile("prod"))))).toBe(
    [
      "# Written by infra/ for project example-firekeep-prod: change the stack, not this file.",
      "FIREKEEP_KMS_LOCATION=europe-west1",
      "FIREKEEP_FIRESTORE_LOCATION=eur3",
      "FIREKEEP_BUCKET_LOCATION=europe-west1",
      "FIREKEEP_BUCKET=example-firekeep-prod.firebasestorage.app",
      "FIREKEEP_PUBLIC_URL=https://api.example.com",
      "FIREKEEP_CONSOLE_URL=https://guard.example.com",
      "FIREKEEP_RP_ID=example.com",
      "FIREKEEP_ORIGINS=https://guard.example.com",
      "FIREKEEP_MAIL_FROM=security@example.com",
      "",
    ].join("\n"),
  );
});

test("refuses a value that would become a second line", () => {
  const outputs = stackOutputs(parseStackConfig("prod", stackFile("prod")));
  expect(() => functionsEnv({ ...outputs, appBucket: "a\nFIREKEEP_KMS_ENDPOINT=evil:1" })).toThrow("FIREKEEP_BUCKET");
});

test("names keys as the functions look for them", () => {
  expect(stackOutputs(parseStackConfig("prod", stackFile("prod"))).keys["firekeep-red/fields"]).toBe(
    "projects/example-firekeep-prod/locations/europe-west1/keyRings/firekeep-red/cryptoKeys/fields",
  );
});
