import { declaration } from "../data-map.js";
import { defineDataMap } from "../kernel/data-map/define.js";
import { ownCollections, ownFolders } from "./own-data.js";
import { lazy } from "../kernel/lazy.js";

/** The data map in force, checked once. Throws with all faults when it is wrong, and then nothing works on it. */
export const dataMap = lazy(() => defineDataMap(declaration, { collections: ownCollections, folders: ownFolders }));
