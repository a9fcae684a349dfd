import { auth } from "../platform/app.js";

/** The account with this e-mail address, or undefined when there is none. Throws when the directory cannot be asked. */
export const findAccount = async (email: string, tenant: string | undefined): Promise<string | undefined> => {
  const directory = tenant === undefined ? auth() : auth().tenantManager().authForTenant(tenant);
  try {
    return (await directory.getUserByEmail(email)).uid;
  } catch (error) {
    if (NO_ACCOUNT.has((error as { code?: string }).code ?? "")) return undefined;
    throw error;
  }
};

const NO_ACCOUNT = new Set(["auth/user-not-found", "auth/invalid-email", "auth/tenant-not-found"]);
