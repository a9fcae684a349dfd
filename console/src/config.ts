/** Where the console finds its project. Hosting serves it beside the page. */
export interface ConsoleConfig {
  readonly firebase: {
    readonly apiKey: string;
    readonly projectId: string;
    readonly appId?: string;
    readonly authDomain?: string;
  };
  readonly region: string;
  /** reCAPTCHA Enterprise site key for App Check. */
  readonly appCheckSiteKey?: string;
  /** Who checks passwords: Firebase (default), or Firekeep where its proxy is switched on. */
  readonly passwords?: "firebase" | "proxy";
  /** Folders of the data map that people manage their own files in: encrypted by the server, and sealed in the browser. */
  readonly files?: { readonly folder: string; readonly sealed?: string };
  /** Base URLs of emulators; absent in production. */
  readonly emulators?: { readonly auth: string; readonly firestore: string; readonly functions: string };
}

export const loadConfig = async (): Promise<ConsoleConfig> => {
  const response = await fetch("/config.json", { cache: "no-store" });
  if (!response.ok) throw new Error("config.json is missing beside the console. The deployment writes it.");
  return (await response.json()) as ConsoleConfig;
};
