/** Entries of the official registry's API. */

/** An entry as the API gives it. */
export interface ApiEntry {
  readonly server: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly version: string;
  };
  readonly _meta: Readonly<Record<string, unknown>>;
}

/** Under this name the registry says what it knows. */
export const META = 'io.modelcontextprotocol.registry/official';

/** An entry of a `server.json`. */
export function entry(
  server: Readonly<Record<string, unknown>> & { readonly name: string },
  registry: {
    status?: string;
    updatedAt?: string;
    isLatest?: boolean;
    statusMessage?: string;
  } = {},
): ApiEntry {
  const updatedAt = registry.updatedAt ?? '2026-01-01T00:00:00Z';
  return {
    server: { version: '1.0.0', description: 'A server', ...server },
    _meta: {
      [META]: { status: 'active', publishedAt: updatedAt, updatedAt, isLatest: true, ...registry },
    },
  };
}

/** A small npm entry. */
export function npmEntry(name: string, description: string, version = '1.0.0'): ApiEntry {
  const identifier = name.replace(/^.*\//, '');
  return entry({
    name,
    description,
    version,
    packages: [{ registryType: 'npm', identifier, version, transport: { type: 'stdio' } }],
  });
}

const WORDS =
  'weather files database search calendar email image video audio payment invoice map route stock price news translate summarise code review test deploy cluster container secret vault log metric trace alert ticket issue chat message contact customer order product cart shop inventory game score music playlist book paper citation graph node edge vector embedding model prompt agent memory note task board sprint repository commit branch merge release build artefact package registry domain certificate network firewall scan report sheet slide document pdf form survey poll vote wallet token chain contract block exchange bank ledger tax health patient lab drug gene protein molecule climate energy sensor device robot drone camera'.split(
    ' ',
  );

/** Many entries that look like real ones: the same list each time. */
export function manyEntries(count: number): ApiEntry[] {
  let seed = 42;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % below;
  };
  const word = () => WORDS[random(WORDS.length)] ?? 'x';
  const odd = () => `${word().slice(0, 3 + random(4))}${word().slice(0, 2 + random(5))}`;
  return Array.from({ length: count }, (_, index) => {
    const [topic, other, brand] = [word(), word(), odd()];
    const name = `io.github.${odd()}${random(900)}/${brand}-${topic}-mcp${index}`;
    const words = Array.from({ length: 8 + random(6) }, word).join(' ');
    return entry(
      {
        name,
        title: `${brand} ${topic}`,
        description: `MCP server for ${topic} and ${other}: ${words}`.slice(0, 100),
        version: `${random(3)}.${random(20)}.${random(10)}`,
        repository: { url: `https://github.com/${name.slice(10)}`, source: 'github' },
        packages: [
          {
            registryType: random(3) === 0 ? 'pypi' : 'npm',
            identifier: `${brand}-${topic}-${index}`,
            version: '1.0.0',
            transport: { type: 'stdio' },
            environmentVariables: [
              {
                name: `${brand.toUpperCase()}_API_KEY`,
                description: `Key for ${brand}`,
                isRequired: true,
                isSecret: true,
              },
            ],
          },
        ],
      },
      { updatedAt: new Date(Date.UTC(2025, 8, 1) + random(400) * 86_400_000).toISOString() },
    );
  });
}
