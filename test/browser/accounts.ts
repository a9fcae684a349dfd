import type { Suite } from "../../dev/suite/index.ts";

export const PASSWORD = "sourdough on night trains";

/** A new account with a confirmed address, made past the product as the project's owner can. */
export const createAccount = async (suite: Suite, name: string): Promise<{ email: string; uid: string }> => {
  const email = `${name}.${Date.now().toString(36)}@example.org`;
  const { localId } = (await asOwner(
    "POST",
    `${suite.urls.auth}/identitytoolkit.googleapis.com/v1/projects/${suite.project}/accounts`,
    { email, password: PASSWORD, emailVerified: true },
  )) as { localId: string };
  return { email, uid: localId };
};

/** Gives an account roles, as the project's owner does for the first operator. */
export const appoint = async (suite: Suite, uid: string, roles: readonly string[]): Promise<void> => {
  const values = roles.map((role) => ({ stringValue: role }));
  await asOwner("PATCH", `${documents(suite)}/secUsers/${uid}?updateMask.fieldPaths=roles`, {
    fields: { roles: { arrayValue: { values } } },
  });
};

/** How many documents of a collection are about this account. */
export const countOf = async (suite: Suite, collection: string, uid: string): Promise<number> => {
  const found = (await asOwner("POST", `${documents(suite)}:runQuery`, {
    structuredQuery: {
      from: [{ collectionId: collection }],
      where: { fieldFilter: { field: { fieldPath: "uid" }, op: "EQUAL", value: { stringValue: uid } } },
    },
  })) as { document?: unknown }[];
  return found.filter(({ document }) => document !== undefined).length;
};

const documents = (suite: Suite): string =>
  `${suite.urls.firestore}/v1/projects/${suite.project}/databases/(default)/documents`;

const asOwner = async (method: string, url: string, body: object): Promise<unknown> => {
  const headers = { authorization: "Bearer owner", "content-type": "application/json" };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${url}: ${String(response.status)} ${await response.text()}`);
  return response.json();
};
