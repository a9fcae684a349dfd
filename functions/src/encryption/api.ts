import { documentsApi } from "./documents/api.js";

/** Every callable of the domain; each folder declares its own. */
export const encryptionApi = { ...documentsApi };
