/**
 * In which countries the locations of Google Cloud are: regions, and the multi-regions of Firestore, Cloud Storage and Cloud
 * KMS, by their lower-case names. `EU` stands for "somewhere in the European Union": the multi-regions `europe` (KMS) and `eu`
 * (Storage) leave out London and Zürich. What is not here, such as `global`, is nowhere anybody could vouch for.
 *
 * Of the EEA's other countries and of those with an adequacy decision (GDPR Art. 45: the United Kingdom, Switzerland, Japan …),
 * none is the EU: a row of the data map that means them names them, such as `["EU", "CH"]`.
 */
const COUNTRIES: Readonly<Record<string, readonly string[]>> = {
  "africa-south1": ["ZA"],
  "asia-east1": ["TW"],
  "asia-east2": ["HK"],
  "asia-northeast1": ["JP"],
  "asia-northeast2": ["JP"],
  "asia-northeast3": ["KR"],
  "asia-south1": ["IN"],
  "asia-south2": ["IN"],
  "asia-southeast1": ["SG"],
  "asia-southeast2": ["ID"],
  "australia-southeast1": ["AU"],
  "australia-southeast2": ["AU"],
  "europe-central2": ["PL"],
  "europe-north1": ["FI"],
  "europe-north2": ["SE"],
  "europe-southwest1": ["ES"],
  "europe-west1": ["BE"],
  "europe-west2": ["GB"],
  "europe-west3": ["DE"],
  "europe-west4": ["NL"],
  "europe-west6": ["CH"],
  "europe-west8": ["IT"],
  "europe-west9": ["FR"],
  "europe-west10": ["DE"],
  "europe-west12": ["IT"],
  "me-central1": ["QA"],
  "me-central2": ["SA"],
  "me-west1": ["IL"],
  "northamerica-northeast1": ["CA"],
  "northamerica-northeast2": ["CA"],
  "northamerica-south1": ["MX"],
  "southamerica-east1": ["BR"],
  "southamerica-west1": ["CL"],
  "us-central1": ["US"],
  "us-east1": ["US"],
  "us-east4": ["US"],
  "us-east5": ["US"],
  "us-south1": ["US"],
  "us-west1": ["US"],
  "us-west2": ["US"],
  "us-west3": ["US"],
  "us-west4": ["US"],
  asia1: ["JP"], // Tokyo and Osaka
  ca: ["CA"],
  eu: ["EU"],
  eur3: ["BE", "NL", "FI"], // Firestore's witness is in Finland
  eur4: ["FI", "NL"],
  europe: ["EU"],
  nam3: ["US"],
  nam4: ["US"],
  nam5: ["US"],
  nam6: ["US"],
  nam7: ["US"],
  nam8: ["US"],
  nam9: ["US"],
  nam10: ["US"],
  nam11: ["US"],
  nam12: ["US"],
  us: ["US"],
};

/** Members of the European Union by ISO 3166, since 1 February 2020. */
const EU_MEMBERS: ReadonlySet<string> = new Set(
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split(" "),
);

/** Whether all of a location lies within regions of a data map: `EU` or ISO 3166 country codes. */
export const liesWithin = (location: string, regions: readonly string[]): boolean => {
  const countries = countriesOf(location);
  return countries.length > 0 && countries.every((country) => isWithin(country, regions));
};

/** ISO 3166 codes, or `EU`; none for a location that is not known. */
export const countriesOf = (location: string): readonly string[] => {
  const name = location.toLowerCase();
  return Object.hasOwn(COUNTRIES, name) ? (COUNTRIES[name] ?? []) : [];
};

const isWithin = (country: string, regions: readonly string[]): boolean =>
  regions.includes(country) || (regions.includes("EU") && EU_MEMBERS.has(country));
