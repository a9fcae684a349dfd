import { requireVariable } from "../config.js";
import { kmsError } from "./kms-errors.js";

/** Where this project's key rings are, home first: FIREKEEP_KMS_LOCATION, comma-separated, such as `europe-west1,us-east1`. */
export const kmsLocations = (): readonly [home: string, ...others: string[]] => {
  const [home = "", ...others] = requireVariable("FIREKEEP_KMS_LOCATION")
    .split(",")
    .map((name) => name.trim());
  return [home, ...others];
};

/** `location` if there are keys, home when it is absent. @throws encryption/kms-location-unknown */
export const kmsLocation = (location: string | undefined): string => {
  const all = kmsLocations();
  if (location === undefined) return all[0];
  if (all.includes(location)) return location;
  throw kmsError("kms-location-unknown", {
    cause: new Error(`there are no keys in ${location}: FIREKEEP_KMS_LOCATION says ${all.join(",")}`),
  });
};
