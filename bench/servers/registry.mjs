// An official registry (API v0.1) with made-up servers, as many as wanted.
//   node registry.mjs PORT COUNT        POST /touch?count=N: that many entries change now
import { createServer } from 'node:http';

const META = 'io.modelcontextprotocol.registry/official';
const THINGS =
  'weather,stock,payment,music,calendar,email,database,search,image,translation,robot,sensor,ticket,invoice,news,map'.split(
    ',',
  );
const DEEDS = 'reads,writes,finds,plans,sends,watches,joins,sorts,draws,checks'.split(',');
const MAKERS = 'acme,globex,initech,umbrella,hooli,stark,wayne,tyrell,cyberdyne,aperture'.split(
  ',',
);
const [port, count] = process.argv.slice(2).map(Number);
const entries = Array.from({ length: count }, (_, i) => entry(i, '2026-01-01T00:00:00.000Z'));

function entry(i, updatedAt) {
  const pick = (words, step) => words[Math.floor(i / step) % words.length];
  const [thing, other] = [pick(THINGS, 1), pick(THINGS, 16)];
  const [maker, deed] = [pick(MAKERS, 7), pick(DEEDS, 3)];
  return {
    server: {
      $schema: 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json',
      name: `io.github.${maker}/${thing}-${other}-${i}`,
      description: `${deed} ${thing} and ${other} for the people of ${maker}, number ${i}`,
      version: `1.${i % 20}.${i % 7}`,
      repository: { url: `https://github.com/${maker}/${thing}-${other}-${i}`, source: 'github' },
      packages: [
        {
          registryType: i % 3 === 0 ? 'pypi' : 'npm',
          identifier: `${thing}-${other}-${i}`,
          version: `1.${i % 20}.${i % 7}`,
          transport: { type: 'stdio' },
        },
      ],
    },
    _meta: {
      [META]: {
        status: 'active',
        publishedAt: '2026-01-01T00:00:00.000Z',
        updatedAt,
        isLatest: true,
      },
    },
  };
}

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname === '/touch') touch(Number(searchParams.get('count')));
  const body = JSON.stringify(pathname === '/v0.1/servers' ? page(searchParams) : {});
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}).listen(port, '127.0.0.1');

function touch(changed) {
  const now = new Date().toISOString();
  for (let i = 0; i < changed; i++) entries[i] = entry(i, now);
}

function page(query) {
  const since = Date.parse(query.get('updated_since') ?? '2000-01-01');
  const fitting = entries.filter(({ _meta }) => Date.parse(_meta[META].updatedAt) >= since);
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Math.min(100, Number(query.get('limit') ?? 30));
  const next = to < fitting.length ? { nextCursor: String(to) } : {};
  return { servers: fitting.slice(from, to), metadata: { ...next, count: to - from } };
}
