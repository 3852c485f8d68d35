// Updates through the library, one after the other: node store-loop.mjs servers|client COUNT SECONDS → operations a second
// COUNT servers are there before; the HOME of the environment is written to.
const library = new URL('../../dist/index.js', import.meta.url).href;
const { ClientConfigManager, GlobalConfigManager } = await import(library);

const [kind, count, seconds] = process.argv.slice(2);
const servers = new GlobalConfigManager();
const clients = new ClientConfigManager();
const have = new Set((await servers.listServers()).map(({ name }) => name));
for (let i = 0; i < Number(count); i++) {
  if (!have.has(`b${i}`)) await servers.addServer({ name: `b${i}`, command: 'true' });
}
const STEPS = {
  servers: (i) => servers.addServer({ name: 'b0', command: `true-${i}` }, { force: true }),
  client: (i) =>
    clients.editClientConfig('cursor', { servers: i % 2 ? { remove: ['b0'] } : { add: ['b0'] } }),
};
const began = performance.now();
let done = 0;
while (performance.now() - began < 1000 * Number(seconds)) await STEPS[kind](done++);
console.log((1000 * done) / (performance.now() - began));
