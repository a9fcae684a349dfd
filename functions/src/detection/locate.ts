import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readNetworkTable } from "./network-table.js";
import type { Place } from "./place.js";

/** Where the build puts the table: `functions/lib/data`, seen from the source and from the compiled file alike. */
export const DATA_FOLDER = join(__dirname, "..", "..", "lib", "data");

/**
 * Locates addresses. The table (10 MB) is read at the first address, once an instance.
 *
 * @throws Error when the table is missing or broken; asked again, it tries again
 */
export const locator = (folder: string = DATA_FOLDER): ((ip: string) => Place) => {
  let read: ((ip: string) => Place) | undefined;
  return (ip) => {
    read ??= readNetworkTable(readFileSync(join(folder, "networks.bin")));
    return read(ip);
  };
};
