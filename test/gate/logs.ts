/**
 * Every line the functions write while a test runs, instead of the console. The logger keeps the console's methods as they
 * are when it loads, so this file comes before anything that loads the functions.
 */
export const logs: string[] = [];

for (const method of ["debug", "info", "log", "warn", "error"] as const) {
  // eslint-disable-next-line no-console -- replaced, not used
  console[method] = (...parts: unknown[]) => void logs.push(parts.map(String).join(" "));
}
