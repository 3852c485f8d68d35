/** A process with N agents on one relay, for the measurements: `agents.ts HOST:PORT TOKEN CA-FILE ORIGIN-PORT N`; prints each URL path. */
import { readFileSync } from 'node:fs';
import { connectAgent } from '../../src/share/relay/agent.ts';

const [address = '', token = '', caFile = '', originPort = '', count = '1'] = process.argv.slice(2);
const [host = '', port = ''] = address.split(':');
const endpoint = { host, port: Number(port), ca: readFileSync(caFile, 'utf8') };
const origin = { host: '127.0.0.1', port: Number(originPort) };
for (let i = 0; i < Number(count); i++) {
  const { welcome, closed } = await connectAgent(endpoint, { token }, origin);
  console.log(welcome.url);
  void closed.then(() => console.error(`lost ${welcome.id}`));
}
console.log('all');
