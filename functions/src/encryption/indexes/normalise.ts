import { domainToASCII } from "node:url";
import type { Lookup } from "../../kernel/data-map/declaration.js";

/** The form under which a value is found again; undefined when the value is none of its kind. */
export const normalise = (lookup: Lookup, value: string): string | undefined => NORMAL[lookup](value);

const NORMAL: Readonly<Record<Lookup, (value: string) => string | undefined>> = {
  exact: (value) => value,
  "case-insensitive": (value) => value.trim().normalize("NFKC").toLowerCase(),
  // Providers differ on dots and +tags in the local part: those stay. RFC 5321 §4.5.3.1: 64 and 255 octets.
  email: (value) => {
    if (PLAIN_ADDRESS.test(value)) return value.toLowerCase();
    const [, local = "", host = ""] = /^([^\s@]{1,64})@([^\s@]{1,255})$/u.exec(value.trim().normalize("NFC")) ?? [];
    const domain = domainToASCII(host);
    // A host that is all numbers would be read as an IPv4 address, and another spelling of it.
    if (local === "" || domain === "" || domain.endsWith(".") || /^[\d.]+$/u.test(domain)) return undefined;
    return `${local.toLowerCase()}@${domain}`;
  },
  // ITU-T E.164: at most 15 digits after the +. A national number is ambiguous and refused, and so is "(0)", which is dialled
  // in some countries only. What word processors and address books put in, such as dashes and direction marks, goes.
  phone: (value) => {
    const plain = value.normalize("NFKC");
    if (/\(\s*0\s*\)/u.test(plain)) return undefined;
    const digits = plain.replace(/[\s\p{Pd}\p{Cf}().\/]/gu, "").replace(/^00/u, "+");
    return /^\+[1-9]\d{6,14}$/u.test(digits) ? digits : undefined;
  },
};

// What nearly every address is, and what all of the above would only make lower-case: no "xn--", and no number at its end.
const PLAIN_ADDRESS = /^[\w.+-]{1,64}@(?!.*xn--)(?:[a-z\d-]{1,63}\.){1,3}[a-z]{2,63}$/i;
