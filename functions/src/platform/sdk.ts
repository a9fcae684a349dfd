/**
 * SDKs by the subpath, loaded on first use: a function pays only for what it calls.
 * `require`, not `import()`: the packages are dual, and a second module system would load a second copy of their classes.
 */
/* eslint-disable @typescript-eslint/no-require-imports -- lazy on purpose */
export const adminAppSdk = () => require("firebase-admin/app") as typeof import("firebase-admin/app");
export const adminAuthSdk = () => require("firebase-admin/auth") as typeof import("firebase-admin/auth");
export const adminAppCheckSdk = () => require("firebase-admin/app-check") as typeof import("firebase-admin/app-check");
export const adminFirestoreSdk = () => require("firebase-admin/firestore") as typeof import("firebase-admin/firestore");
export const adminStorageSdk = () => require("firebase-admin/storage") as typeof import("firebase-admin/storage");
export const adminFunctionsSdk = () => require("firebase-admin/functions") as typeof import("firebase-admin/functions");
export const pubsubSdk = () => require("@google-cloud/pubsub") as typeof import("@google-cloud/pubsub");
export const kmsSdk = () => require("@google-cloud/kms") as typeof import("@google-cloud/kms");
export const gaxSdk = () => require("google-gax") as typeof import("google-gax");
export const otplibSdk = () => require("otplib") as typeof import("otplib");
export const nodemailerSdk = () => require("nodemailer") as typeof import("nodemailer");
export const webauthnSdk = () => require("@simplewebauthn/server") as typeof import("@simplewebauthn/server");
export const joseSdk = () => require("jose") as typeof import("jose");
export const qrcodeSdk = () => require("qrcode") as typeof import("qrcode");
/** Domains of disposable addresses, and those whose every subdomain is one. */
export const disposableDomains = () => ({
  exact: require("disposable-email-domains") as readonly string[],
  wildcard: require("disposable-email-domains/wildcard.json") as readonly string[],
});
/** Passwords that people use most, in lower case, the commonest first. */
export const commonPasswords = () =>
  (require("@zxcvbn-ts/language-common") as typeof import("@zxcvbn-ts/language-common")).dictionary["passwords-common"];
/* eslint-enable @typescript-eslint/no-require-imports */
