import { lazy } from "../../kernel/lazy.js";
import { disposableDomains } from "../../platform/sdk.js";

/** Whether an e-mail address is at a domain that gives addresses away for minutes, or at a subdomain of one. */
export const isDisposable = (email: string): boolean => {
  const domain = email
    .slice(email.lastIndexOf("@") + 1)
    .toLowerCase()
    .replace(/\.$/, "");
  const { exact, wildcard } = domains();
  if (exact.has(domain)) return true;
  return parents(domain).some((parent) => exact.has(parent) || wildcard.has(parent));
};

// 120 000 names: loaded by the first sign-up of an instance, and by no other function.
const domains = lazy(() => {
  const { exact, wildcard } = disposableDomains();
  return { exact: new Set(exact), wildcard: new Set(wildcard) };
});

/** The domain itself and what it is under, down to two labels: no list may refuse a whole top-level domain. */
const parents = (domain: string): string[] => {
  const labels = domain.split(".");
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
};
