/** Cloud Armor's preconfigured rule sets that fit JSON callables, OWASP CRS 4.22. */
export const WAF_SETS = [
  "sqli",
  "xss",
  "lfi",
  "rfi",
  "rce",
  "protocolattack",
  "scannerdetection",
  "sessionfixation",
  "generic",
] as const;
export type WafSet = (typeof WAF_SETS)[number];

export const wafSetId = (set: WafSet): string => `${set}-v422-stable`;

/** Newly published holes (Log4j and its like). Not part of CRS, and changed by Google without a version. */
export const CVE_CANARY = "cve-canary";

/** CRS paranoia level. Cloud Armor's own default is 4, the noisiest: always state it. */
export const SENSITIVITY = 1;
