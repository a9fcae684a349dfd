import type { Output } from "../send-call.ts";
import { connect, type FileOptions } from "./connection.ts";
import { downloadFile, type Download, type DownloadOptions } from "./download.ts";
import { uploadFile, type FilePlace, type UploadOptions } from "./upload.ts";
import type { UploadContent } from "./upload-source.ts";

export type { FileOptions } from "./connection.ts";
export type { Download, DownloadOptions } from "./download.ts";
export type { FilePlace, Progress, UploadOptions } from "./upload.ts";
export type { UploadContent } from "./upload-source.ts";
export { indexedDbUploads, memoryUploads, type UploadStore } from "./upload-store.ts";
export type { Patience } from "./patience.ts";

export type FileEntry = Output<"encryption-file-list">["files"][number];

/** Files that Firekeep encrypts on the server, in folders of the data map with `stored: "token"`. Every method throws FirekeepError. */
export interface Files {
  /** Sends a file in parts and answers its id. The same File given again goes on where it stopped, also after a reload. */
  upload(place: FilePlace, content: UploadContent, options?: UploadOptions): Promise<{ file: string; size: number }>;
  /** Fetches a file, or a range of it. Who opened it is put on record. */
  download(file: string, options?: DownloadOptions): Promise<Download>;
  /** A page of a folder's files, the latest first. */
  list(place: FilePlace, page?: { after?: string; limit?: number }): Promise<Output<"encryption-file-list">>;
  /** Removes a file, or gives up its upload. False when it is already gone. */
  remove(file: string): Promise<boolean>;
}

export const createFiles = (options: FileOptions): Files => {
  const connection = connect(options);
  const { call, patiently } = connection;
  return {
    upload: (place, content, how) => uploadFile(connection, place, content, how),
    download: (file, how) => downloadFile(connection, file, how),
    list: ({ folder, params }, page = {}) =>
      patiently(() => call("encryption-file-list", { folder, params: { ...params }, ...page }), undefined),
    remove: async (file) => (await patiently(() => call("encryption-file-remove", { file }), undefined)).removed,
  };
};
