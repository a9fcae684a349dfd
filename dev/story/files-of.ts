import { createHash } from "node:crypto";
import { createFiles, type Files } from "../../client/src/files/index.ts";
import type { Suite } from "../suite/index.ts";
import type { Person } from "./person.ts";

/** A person's encrypted files, over the SDK as an app uses it. */
export const filesOf = (suite: Pick<Suite, "project" | "region" | "urls">, { firekeep, appCheck }: Person): Files =>
  createFiles({ firekeep, appCheck, baseUrl: `${suite.urls.functions}/${suite.project}/${suite.region}` });

/** Bytes that stand in for a picture: the same for each size, and never twice the same 32. */
export const pictureOf = (bytes: number): Buffer<ArrayBuffer> => {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash("sha256").update(String(index)).digest(),
  );
  return Buffer.from(Buffer.concat(blocks).subarray(0, bytes));
};

/** One encrypted file for the demo: the console shows it in the operator's own files. */
export const keepPicture = async (suite: Suite, person: Person): Promise<void> => {
  const place = { folder: "attachments", params: { uid: person.auth.currentUser?.uid ?? "" } };
  const picture = new File([pictureOf(200_000)], "harbour.png", { type: "image/png" });
  await person.act(() => filesOf(suite, person).upload(place, picture));
};
