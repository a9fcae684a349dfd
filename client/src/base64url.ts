/** RFC 4648 §5, without padding. */
export const toBase64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

export const textToBase64url = (text: string): string => toBase64url(new TextEncoder().encode(text));

/** SHA-256 of the text's UTF-8 bytes, base64url. */
export const sha256 = async (text: string): Promise<string> =>
  toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));

/** `bytes` random bytes, base64url. */
export const randomText = (bytes: number): string => toBase64url(crypto.getRandomValues(new Uint8Array(bytes)));

/** @throws DOMException for what is not base64url */
export const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (unit) => unit.charCodeAt(0));
