/**
 * The servers of the catalogue that were seen to start from npm or PyPI without an account, with the values they need for
 * it. `DIR` stands for a fresh folder that is a git repository.
 */
const NOTHING = {};
export const STARTABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  airbnb: NOTHING,
  angular: NOTHING,
  arxiv: NOTHING,
  'aws-documentation': NOTHING,
  blender: NOTHING,
  calculator: NOTHING,
  chart: NOTHING,
  'chrome-devtools': NOTHING,
  'code-runner': NOTHING,
  commands: NOTHING,
  context7: NOTHING,
  duckdb: { DUCKDB_PATH: ':memory:', DUCKDB_WRITE: '--read-write' },
  duckduckgo: NOTHING,
  eslint: NOTHING,
  everything: NOTHING,
  exa: NOTHING,
  excel: NOTHING,
  'excel-python': NOTHING,
  fetch: NOTHING,
  filesystem: { ALLOWED_DIRECTORY: 'DIR' },
  git: { GIT_REPOSITORY: 'DIR' },
  'git-plus': NOTHING,
  kubernetes: NOTHING,
  map: NOTHING,
  memory: { MEMORY_FILE_PATH: 'DIR/memory.jsonl' },
  'memory-bank': { MEMORY_BANK_ROOT: 'DIR' },
  mobile: NOTHING,
  mongodb: NOTHING,
  n8n: NOTHING,
  'next-devtools': NOTHING,
  nixos: NOTHING,
  nx: NOTHING,
  pandoc: NOTHING,
  pdf: NOTHING,
  playwright: NOTHING,
  repomix: NOTHING,
  ripgrep: NOTHING,
  'sequential-thinking': NOTHING,
  shadcn: NOTHING,
  'shopify-dev': NOTHING,
  'shrimp-task-manager': { SHRIMP_DATA_DIR: 'DIR' },
  sqlite: { SQLITE_DB_PATH: 'DIR/test.db' },
  'task-master': NOTHING,
  time: { TZ: 'Europe/Berlin' },
  'time-node': NOTHING,
  weather: NOTHING,
  'web-formats': NOTHING,
  wikipedia: NOTHING,
  word: NOTHING,
  'yahoo-finance': NOTHING,
  'youtube-transcript': NOTHING,
};

/**
 * Ten of them, always the same: those that everybody tries first, and the others at even distances by name.
 * @param isUsable leaves out what this machine cannot start
 */
export function sampleOfTen(isUsable: (name: string) => boolean = () => true): readonly string[] {
  const usable = Object.keys(STARTABLE).filter(isUsable);
  const popular = ['everything', 'fetch', 'filesystem', 'memory', 'time'];
  const first = popular.filter((name) => usable.includes(name));
  const others = usable.filter((name) => !first.includes(name));
  const wanted = 10 - first.length;
  const distance = others.length / wanted;
  return [
    ...first,
    ...Array.from({ length: wanted }, (_, at) => others[Math.floor(at * distance)] ?? ''),
  ];
}
