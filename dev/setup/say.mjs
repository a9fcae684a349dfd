/**
 * A failure whose message is for people: what is missing, and the remedy. Printed without a stack.
 * @param {string} message @param {unknown} [cause]
 */
export function setupError(message, cause) {
  return Object.assign(new Error(message, { cause }), { name: "SetupError" });
}

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs `work` and says how long it took, if it took more than two seconds. A long wait is announced while it lasts.
 * @template T
 * @param {string} label @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(label, work) {
  const began = Date.now();
  const announce = setTimeout(() => say(`${label} …`), 2_000);
  try {
    return await work();
  } finally {
    clearTimeout(announce);
    const seconds = (Date.now() - began) / 1000;
    if (seconds > 2) say(`${label} … ${seconds.toFixed(0)} s`);
  }
}
