import { createFiles } from "../../../../client/src/files/index.ts";
import { functionsUrl } from "../../backend.ts";
import type { Own } from "../../pages/security.tsx";
import { SealedFilesPanel } from "./sealed-files.tsx";
import { YourFiles } from "./your-files.tsx";

/** A person's files: what the server encrypts for them, and what only they can open. */
export const FilePanels = ({
  backend: { firekeep, appCheck, config },
  uid,
  ask,
  folders,
}: Own & { folders: { readonly folder: string; readonly sealed?: string } }) => {
  const files = createFiles({ firekeep, baseUrl: functionsUrl(config), appCheck, ask });
  return (
    <>
      <YourFiles files={files} place={{ folder: folders.folder, params: { uid } }} />
      {folders.sealed !== undefined && (
        <SealedFilesPanel files={files} uid={uid} place={{ folder: folders.sealed, params: { uid } }} />
      )}
    </>
  );
};
