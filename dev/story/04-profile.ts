import { filesOf, pictureOf } from "./files-of.ts";
import type { Step } from "./step.ts";

const FIELDS = {
  displayName: "Ann Holm",
  email: "Ann.Holm@Example.org",
  phone: "+47 900 12 345",
  birthDate: "1991-04-12",
  bio: "Night trains, sourdough and sea swimming.",
  city: "Oslo",
} as const;

/** What must be readable nowhere but through the product. City and display name are plain by the data map. */
const SECRETS = ["Ann.Holm", "ann.holm", "900 12 345", "+4790012345", "1991-04-12", "sourdough"];

export const profile: Step = {
  title: "A profile is encrypted, read back, and found",
  run: async ({ ann, observe, suite, memory }, { see, hold, refused }) => {
    const uid = memory.uid ?? "";
    const document = { collection: "profiles", params: { uid } } as const;
    await ann.call("encryption-document-write", { ...document, values: FIELDS });
    const stored = (await observe.document(`profiles/${uid}`)) ?? {};
    see("in Firestore", show(stored));
    const tokens = stored["_e"] as Readonly<Record<string, Uint8Array>>;
    hold(
      "RED fields are key-committing tokens (version 2), the AMBER bio is a token (version 1)",
      ["email", "phone", "birthDate"].every((field) => tokens[field]?.[0] === 2) && tokens["bio"]?.[0] === 1,
    );
    hold(
      "display name and city are plain, as the data map says",
      stored["displayName"] === FIELDS.displayName && stored["city"] === FIELDS.city,
    );
    hold(
      "no secret is readable in the document",
      SECRETS.every((secret) => !everyByte(stored).includes(secret)),
    );
    const { values } = await ann.call("encryption-document-read", document);
    hold(
      "read back decrypted",
      Object.entries(FIELDS).every(([field, value]) => values[field] === value),
    );
    const found = await ann.call("encryption-document-find", {
      collection: "profiles",
      field: "email",
      value: " ann.holm@example.ORG ",
    });
    hold("found again by encrypted e-mail through the blind index, however it is typed", found.documents.length === 1);
    await kmsReset(suite.kms?.admin);
    await ann.call("encryption-document-write", {
      ...document,
      values: { bio: "Also: choir.", phone: "+47 900 54 321" },
    });
    const calls = await kmsCalls(suite.kms?.admin);
    see("KMS calls of a warm write", calls);
    hold("a warm profile write makes no KMS call", calls === 0);
    await refused("somebody else's profile stays closed", "encryption/not-yours", () =>
      ann.call("encryption-document-read", { collection: "profiles", params: { uid: "demo-1" } }),
    );
    const picture = pictureOf(300_000);
    const { file } = await ann.act(() =>
      filesOf(suite, ann).upload(
        { folder: "attachments", params: { uid } },
        new Blob([picture], { type: "image/png" }),
      ),
    );
    const objects = await observe.files(`attachments/${uid}/`);
    const lying = Buffer.concat(await Promise.all(objects.map((name) => observe.content(name))));
    const back = await ann.act(async () => (await filesOf(suite, ann).download(file)).blob());
    hold(
      "a picture goes in through the SDK, lies encrypted in the bucket, and comes back the same",
      objects.length > 0 &&
        !lying.includes(picture.subarray(1_000, 1_032)) &&
        Buffer.from(await back.arrayBuffer()).equals(picture),
    );
    const malformed = await refused("a malformed call names the field", "request/malformed", () =>
      ann.call("encryption-document-read", { collection: 7 as unknown as string, params: { uid } }),
    );
    see("faults", malformed.details);
  },
};

const show = (stored: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(stored, (_key, value: unknown) => {
    const bytes = value as { type?: string; data?: number[] } | null;
    return bytes?.type === "Buffer"
      ? `<${String(bytes.data?.length ?? 0)} bytes ${Buffer.from(bytes.data ?? [])
          .subarray(0, 8)
          .toString("hex")}…>`
      : value;
  });

const everyByte = (value: unknown): string => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([key, item]) => key + everyByte(item))
      .join("\n");
  return String(value);
};

const kmsReset = async (admin: string | undefined): Promise<void> => {
  if (admin === undefined) throw new Error("the local KMS has no admin address");
  await fetch(`${admin}/stats/reset`, { method: "POST" });
};

const kmsCalls = async (admin: string | undefined): Promise<number> => {
  return ((await (await fetch(`${admin ?? ""}/stats`)).json()) as { total: number }).total;
};
