/** What of a number in E.164 form the budgets count: the calling code it belongs to, and its block of numbers. */
export interface NumberRange {
  /** One of the allowed ones, without `+`. */
  readonly region: string;
  /** The digits but the last few: what numbers that are rented together have in common. */
  readonly prefix: string;
}

/**
 * The number's range; undefined for what is no E.164 number, and for calling codes that are not allowed. Codes are a prefix
 * code (ITU-T E.164 §6.2), so at most one fits.
 *
 * @param drops digits at the end that a range does not tell apart
 */
export const rangeOf = (
  number: string,
  { regions, drops }: { readonly regions: readonly string[]; readonly drops: number },
): NumberRange | undefined => {
  const digits = /^\+([1-9]\d{6,14})$/.exec(number)?.[1];
  const region = digits === undefined ? undefined : regions.find((code) => digits.startsWith(code));
  if (digits === undefined || region === undefined) return undefined;
  return { region, prefix: digits.slice(0, Math.max(region.length + 1, digits.length - drops)) };
};
