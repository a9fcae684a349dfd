// A fresh process that loads one function as the Functions Framework does: the entry module, then the target's group.
// Prints what it cost: CPU (user + system, whole process), resident memory, modules.
const [entry, group] = process.argv.slice(2);
const loaded = require(entry);
if (group !== undefined && loaded[group] === undefined) throw new Error(`${entry} exports no ${group}`);
const { user, system } = process.cpuUsage();
const modules = Object.keys(require.cache).length;
process.stdout.write(
  JSON.stringify({ cpuMs: (user + system) / 1000, rssMiB: process.memoryUsage.rss() / 2 ** 20, modules }),
);
