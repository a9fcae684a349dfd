import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright-core";
import { setupError } from "./setup/say.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Path of a Chromium or Chrome: CHROME_PATH, then PATH, then the macOS applications. */
export const findChromium = (
  env: Record<string, string | undefined> = process.env,
  runs: (path: string) => boolean = isExecutable,
): string => {
  const given = env["CHROME_PATH"];
  if (given !== undefined && given !== "") {
    if (runs(given)) return given;
    throw setupError(`CHROME_PATH names ${given}, which cannot be run. Correct or unset it.`);
  }
  const folders = (env["PATH"] ?? "").split(delimiter);
  const found = [...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...MAC_APPS].find(runs);
  if (found !== undefined) return found;
  throw setupError(
    "no Chromium or Chrome was found. Install one (apt install chromium, brew install --cask chromium) " +
      "or point CHROME_PATH at it.",
  );
};

/** A headless browser that talks to this machine only. Close it. */
export const launchBrowser = async (): Promise<Browser> => {
  const executablePath = findChromium();
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath, args: QUIET });
};

const QUIET = [
  "--no-sandbox", // root in containers; only pages of our own are opened
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
