import { isFirekeepError, type AskForProof, type Firekeep } from "../src/index.ts";
import { createFiles } from "../src/files/index.ts";

/** Files that the server encrypts under the person's own key. */
export const chatAttachments = (firekeep: Firekeep, uid: string, ask: AskForProof) => {
  const files = createFiles({ firekeep, baseUrl: "https://europe-west1-my-project.cloudfunctions.net", ask });
  const place = { folder: "attachments", params: { uid } };
  return {
    send: async (chosen: File, show: (share: number) => void, stop: AbortSignal): Promise<string | undefined> => {
      try {
        const onProgress = ({ arrived, size }: { arrived: number; size: number }) => show(arrived / Math.max(1, size));
        return (await files.upload(place, chosen, { onProgress, signal: stop })).file;
      } catch (error) {
        // What has arrived is kept: the same file given again goes on there, also after a reload.
        if (isFirekeepError(error, "client/transfer-interrupted")) return undefined;
        throw error;
      }
    },
    picture: async (file: string): Promise<string> => URL.createObjectURL(await (await files.download(file)).blob()),
    firstKilobyte: async (file: string) => (await files.download(file, { range: { start: 0, end: 1024 } })).stream,
    all: () => files.list(place, { limit: 20 }),
    remove: (file: string) => files.remove(file),
  };
};
