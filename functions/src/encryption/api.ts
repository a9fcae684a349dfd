import { documentsApi } from "./documents/api.js";
import { filesApi } from "./files/api.js";
import { rotationApi } from "./rotation/api.js";
import { vaultApi } from "./vault/api.js";

/** Every callable of the domain; each folder declares its own. */
export const encryptionApi = { ...documentsApi, ...filesApi, ...rotationApi, ...vaultApi };
