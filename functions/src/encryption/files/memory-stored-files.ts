import type { FileChange, FilePlace, SeenFile, StoredFile, StoredFileStore } from "./stored-file.js";

export const memoryStoredFiles = (): StoredFileStore => {
  const rows = new Map<string, StoredFile>();
  const seen = ([file, row]: readonly [string, StoredFile]): SeenFile => ({ file, row, revision: row });
  const all = (): SeenFile[] => [...rows].map(seen);
  return {
    create: (file, row) => {
      if (rows.has(file)) return Promise.reject(new Error("there is a file of this id"));
      rows.set(file, row);
      return Promise.resolve();
    },
    find: (file) => {
      const row = rows.get(file);
      return Promise.resolve(row && seen([file, row]));
    },
    change: ({ file, revision }, change) => {
      const row = rows.get(file);
      if (row === undefined || row !== revision) return Promise.resolve(false);
      rows.set(file, changed(row, change));
      return Promise.resolve(true);
    },
    remove: (file) => {
      rows.delete(file);
      return Promise.resolve();
    },
    countOpen: (uid) => Promise.resolve(all().filter(({ row }) => row.uid === uid && row.state === "open").length),
    list: ({ uid, place }, { after, limit }) => {
      const own = all().filter(({ row }) => row.uid === uid && row.place === place && row.state === "stored");
      const ordered = own.sort((a, b) => compare(placeOf(b), placeOf(a)));
      return Promise.resolve(ordered.filter((file) => !after || compare(placeOf(file), after) < 0).slice(0, limit));
    },
    page: ({ uid, folder }, { after, limit }) => {
      const own = all().filter(({ file, row }) => row.uid === uid && row.folder === folder && file > (after ?? ""));
      return Promise.resolve(own.sort((a, b) => (a.file < b.file ? -1 : 1)).slice(0, limit));
    },
    due: (now, limit) => {
      const due = all().filter(({ row }) => row.endsAt !== undefined && row.endsAt <= now);
      return Promise.resolve(due.sort((a, b) => (a.row.endsAt ?? 0) - (b.row.endsAt ?? 0)).slice(0, limit));
    },
  };
};

const changed = (row: StoredFile, change: FileChange): StoredFile => {
  if ("part" in change) return { ...row, parts: { ...row.parts, [String(change.part[0])]: change.part[1] } };
  const { endsAt, ...set } = change;
  const kept = Object.fromEntries(Object.entries(row).filter(([name]) => name !== "endsAt"));
  return { ...(kept as StoredFile), ...set, ...(endsAt !== undefined && { endsAt }) };
};

const placeOf = ({ file, row }: SeenFile): FilePlace => ({ storedAt: row.storedAt ?? 0, file });

const compare = (a: FilePlace, b: FilePlace): number => a.storedAt - b.storedAt || (a.file < b.file ? -1 : 1);
