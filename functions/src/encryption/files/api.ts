import { z } from "zod";
import { MINUTE } from "../../kernel/time.js";
import { defineApi } from "../../platform/api.js";

const perAccount = { perMs: MINUTE, by: "account", store: "instance", whenDown: "refuse" } as const;

const folder = z.string().min(1).max(100);
const params = z.record(z.string().min(1).max(100), z.string().min(1).max(256));
const file = z.string().regex(/^[\w-]{22}$/);
const contentType = z.string().regex(/^[a-z]+\/[a-z0-9][a-z0-9.+-]{0,99}$/);
const name = z.string().min(1).max(255);
const ticket = { ticket: z.string(), ticketExpiresAt: z.number() };

const keysDown = ["encryption/kms-unavailable", "encryption/kms-refused", "encryption/keys-unavailable"] as const;
const unreadable = ["encryption/undecryptable", "encryption/key-missing", ...keysDown] as const;
const wrongFolder = [
  "encryption/folder-unknown",
  "encryption/folder-closed",
  "encryption/path-wrong",
  "encryption/not-yours",
] as const;

export const filesApi = defineApi({
  "file-begin": {
    summary:
      "Begins an upload into the caller's own part of an encrypted folder, or goes on with one: a ticket for its parts.",
    session: "strict",
    permission: "self",
    limit: { ...perAccount, permits: 60 },
    input: z.strictObject({
      folder,
      params,
      size: z.int().min(0),
      contentType,
      name: name.optional(),
      resume: file.optional(),
    }),
    output: z.strictObject({
      file,
      ...ticket,
      partBytes: z.number(),
      parts: z.number(),
      arrived: z.array(z.number()),
    }),
    errors: [
      ...wrongFolder,
      "encryption/file-too-large",
      "encryption/file-type-refused",
      "encryption/file-unknown",
      "encryption/file-finished",
      "encryption/uploads-too-many",
      ...unreadable,
    ],
  },
  "file-finish": {
    summary:
      "Makes the file of its parts, all of which have arrived; from then on it is there. Doing it twice is fine.",
    session: "strict",
    permission: "self",
    limit: { ...perAccount, permits: 60 },
    input: z.strictObject({ file }),
    output: z.strictObject({ file, size: z.number() }),
    errors: ["encryption/file-unknown", "encryption/file-incomplete", "encryption/write-conflict"],
  },
  "file-open": {
    summary: "A ticket to fetch one of the caller's own files. Opening a RED one is put on record.",
    session: "strict",
    permission: "self",
    limit: { ...perAccount, permits: 300 },
    input: z.strictObject({ file }),
    output: z.strictObject({ ...ticket, size: z.number(), contentType: z.string(), name: z.string().optional() }),
    errors: ["encryption/file-unknown", "encryption/folder-closed", ...unreadable],
  },
  "file-list": {
    summary: "The caller's own finished files in a folder, newest first.",
    session: "cached",
    permission: "self",
    limit: { ...perAccount, permits: 120 },
    input: z.strictObject({
      folder,
      params,
      after: z.string().max(60).optional(),
      limit: z.int().min(1).max(100).default(50),
    }),
    output: z.strictObject({
      files: z.array(
        z.strictObject({
          file,
          size: z.number(),
          contentType: z.string(),
          name: z.string().optional(),
          at: z.number(),
        }),
      ),
      next: z.string().optional(),
    }),
    errors: [...wrongFolder, ...unreadable],
  },
  "file-remove": {
    summary: "Removes one of the caller's own files, or ends its upload.",
    session: "strict",
    permission: "self",
    limit: { ...perAccount, permits: 60 },
    input: z.strictObject({ file }),
    output: z.strictObject({ removed: z.boolean() }),
    errors: ["encryption/file-unknown", "encryption/folder-closed", "encryption/write-conflict"],
  },
});
