/** Words of the rules language, and names that the generated rules use: no variable of a path may be called so. */
export const RULES_WORDS: ReadonlySet<string> = new Set([
  ..."allow false function get if import in is let match null return rules_version service true".split(" "),
  ..."bucket database debug document documents duration exists existsAfter firestore getAfter hashing latlng math object".split(
    " ",
  ),
  ..."path request resource string timestamp".split(" "),
  ..."approved assuranceAtLeast boundToDevice changed hasLiveSession hasPermission hasRole hashOf incoming isFresh".split(
    " ",
  ),
  ..."isLive isOpen isSelf isSignedIn isValid mark rolesWith sameTenant session steppedUp".split(" "),
]);

/** A field of `data` in the rules language. */
export const fieldOf = (data: string, name: string): string =>
  RULES_WORDS.has(name) ? `${data}['${name}']` : `${data}.${name}`;
