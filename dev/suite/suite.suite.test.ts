import { expect, test } from "@jest/globals";
import { attachSuite } from "./index.ts";

const suite = attachSuite();

const json = async (url: string): Promise<Record<string, unknown>> =>
  (await (await fetch(url)).json()) as Record<string, unknown>;

test("every emulator of the product runs", async () => {
  const running = Object.keys(await json(`${suite.urls.hub}/emulators`));
  expect(running).toEqual(
    expect.arrayContaining(["auth", "firestore", "functions", "pubsub", "tasks", "storage", "eventarc", "hosting"]),
  );
});

test("the console's configuration is served beside it", async () => {
  const config = await json(`${suite.urls.console}/config.json`);
  expect(config).toMatchObject({
    firebase: { projectId: suite.project },
    emulators: { functions: suite.urls.functions },
  });
});

test("the functions are loaded, under lower-case ids", async () => {
  const { backends } = (await json(`${suite.urls.functions}/backends`)) as {
    backends: { functionTriggers: { name: string }[] }[];
  };
  const names = backends.flatMap((backend) => backend.functionTriggers.map(({ name }) => name));
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(name))).toEqual([]);
});

test("the local KMS answers", async () => {
  expect(await json(`${suite.kms?.admin ?? ""}/health`)).toMatchObject({ ok: true });
});

test("storage rules are in force: a stranger may not write", async () => {
  const bucket = `${suite.project}.appspot.com`;
  const response = await fetch(`${suite.urls.storage}/v0/b/${bucket}/o?name=nowhere%2Fx`, {
    method: "POST",
    body: "x",
  });
  expect(response.status).toBe(403);
});
