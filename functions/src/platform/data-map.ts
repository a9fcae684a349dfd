import { config, hasVariable, readVariable } from "../config.js";
import { declaration } from "../data-map.js";
import { defineDataMap } from "../kernel/data-map/define.js";
import { settleDataMap, type Whereabouts } from "../kernel/data-map/residency.js";
import { lazy } from "../kernel/lazy.js";
import { kmsLocations } from "./kms-locations.js";
import { ownCollections, ownFolders } from "./own-data.js";

/**
 * The data map in force, checked once. Throws with all faults when it is wrong, and then nothing works on it.
 *
 * @throws config/region-refused where it restricts something to regions that this project's places are not in
 */
export const dataMap = lazy(() => {
  const map = defineDataMap(declaration, { collections: ownCollections, folders: ownFolders });
  // Tools that only read the map have no project, and so no places.
  return hasVariable("FIREKEEP_KMS_LOCATION") ? settleDataMap(map, whereabouts()) : map;
});

const whereabouts = (): Whereabouts => ({
  keys: kmsLocations(),
  functions: config.functions.region,
  firestore: readVariable("FIREKEEP_FIRESTORE_LOCATION"),
  bucket: readVariable("FIREKEEP_BUCKET_LOCATION"),
});
