import type { Handlers } from "../../platform/secure-call.js";
import type { addressesApi } from "./api.js";
import { addAddress, confirmAddress, listAddresses, removeAddress } from "./change-addresses.js";
import { addressesDeps } from "./deps.js";

export const addressesCalls: Handlers<typeof addressesApi> = {
  "address-add": (caller, { email }) => addAddress(addressesDeps(), caller, email),
  "address-confirm": (caller, input) => confirmAddress(addressesDeps(), caller, input),
  "address-list": (caller) => listAddresses(addressesDeps(), caller),
  "address-remove": (caller, { id }) => removeAddress(addressesDeps(), caller, id),
};
