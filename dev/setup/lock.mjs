import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { say } from "./say.mjs";

/**
 * Runs `work` while this process alone holds `file`. Another holder is waited for; a dead one's lock is taken over.
 * @template T
 * @param {string} file @param {string} purpose what the waiting line says, such as "installing"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, purpose, work) {
  mkdirSync(dirname(file), { recursive: true });
  let said = false;
  while (!take(file)) {
    const holder = holderOf(file);
    if (holder === undefined || !isAlive(holder)) {
      discard(file, holder);
      continue;
    }
    if (!said) say(`process ${String(holder)} is ${purpose}, waiting for it`);
    said = true;
    await wait(300);
  }
  const release = () => rmSync(file, { force: true });
  process.on("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/**
 * The lock appears with its holder's id in it, or not at all.
 * @param {string} file @returns {boolean}
 */
function take(file) {
  const own = `${file}.${String(process.pid)}-${String((attempts += 1))}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

let attempts = 0;

/**
 * Removes a dead holder's lock, but not one that somebody took in the meantime.
 * @param {string} file @param {number | undefined} holder
 */
function discard(file, holder) {
  const aside = `${file}.${String(process.pid)}-old`;
  try {
    renameSync(file, aside);
    if (holderOf(aside) === holder) rmSync(aside, { force: true });
    else renameSync(aside, file);
  } catch {
    // it is gone already
  }
}

/** @param {string} file @returns {number | undefined} */
function holderOf(file) {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
