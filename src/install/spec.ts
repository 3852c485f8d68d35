/** Finding the package in a command line, so that its version can be written into it. */
import { type Ecosystem, parseImage, withoutTag } from '../registry/index.ts';

/** A package in a command line. */
export interface PackageSpec {
  readonly ecosystem: Ecosystem | 'nuget';
  readonly name: string;
  /** The version, tag or range that stands there. */
  readonly wanted: string | undefined;
  /** The digest of an image that stands there: whatever its tag says, it is exactly this one. */
  readonly digest?: string | undefined;
  /** The word without a version; absent for images, whose tag is part of what they are. */
  readonly bare?: string;
  /** Which word it is in. */
  readonly at: number;
  /** The word with an exact version in it. */
  write(version: string, integrity?: string): string;
}

/** How a launcher's command line is read. */
interface Launcher {
  /** The words it begins with; several alternatives. */
  readonly starts: readonly (readonly string[])[];
  /** Flags whose value is the package. */
  readonly packageFlags: readonly string[];
  /** Other flags that take a value. */
  readonly valueFlags: ReadonlySet<string> | 'all';
  /** With `valueFlags: 'all'`: the flags that take none. */
  readonly switches?: RegExp;
  read(word: string): Omit<PackageSpec, 'at'> | undefined;
}

const words = (text: string) => new Set(text.split(/\s+/));

const LAUNCHERS: readonly Launcher[] = [
  {
    starts: [['npx'], ['bunx'], ['pnpm', 'dlx'], ['yarn', 'dlx'], ['npm', 'exec'], ['bun', 'x']],
    packageFlags: ['-p', '--package'],
    valueFlags: words('-c --call -w --workspace --registry --prefix --cache'),
    read: readNpm,
  },
  {
    starts: [['uvx'], ['uv', 'tool', 'run']],
    packageFlags: ['--from'],
    valueFlags: words(
      '--with -w --with-editable --with-requirements --python -p --index --default-index --index-url -i --extra-index-url --find-links -f --directory --project --cache-dir --config-file --constraints -c --overrides --env-file --link-mode --prerelease --resolution --exclude-newer',
    ),
    read: readPypi,
  },
  {
    starts: [
      ['docker', 'run'],
      ['docker', 'container', 'run'],
      ['podman', 'run'],
    ],
    packageFlags: [],
    valueFlags: 'all',
    switches:
      /^(-[ditqP]+|--(rm|init|interactive|tty|detach|privileged|read-only|publish-all|no-healthcheck|quiet|sig-proxy|oom-kill-disable))$/,
    read: readImage,
  },
  {
    starts: [['dnx'], ['dotnet', 'tool', 'exec']],
    packageFlags: [],
    valueFlags: words('--version --source --add-source --configfile --framework'),
    read: (word) => readAt('nuget', word),
  },
];

/** The package that a command starts, if it is one with versions. `git+…`, paths and URLs are not. */
export function findPackage(command: string, args: readonly string[]): PackageSpec | undefined {
  const line = [...programWords(command), ...args];
  const offset = line.length - args.length;
  for (const launcher of LAUNCHERS) {
    const start = launcher.starts.find((one) => one.every((word, index) => line[index] === word));
    if (!start) continue;
    const found = locate(launcher, line, start.length);
    const spec = found && launcher.read(found.word);
    if (!found || !spec || found.at < offset) return undefined;
    const at = found.at - offset;
    const { prefix } = found;
    return {
      ...spec,
      at,
      ...(spec.bare === undefined ? {} : { bare: `${prefix}${spec.bare}` }),
      write: (...exact) => `${prefix}${spec.write(...exact)}`,
    };
  }
  return undefined;
}

/** `pnpm dlx` is two words; `C:\\Program Files\\nodejs\\npx.cmd` and `/usr/bin/npx` are the program at their end. */
function programWords(command: string): string[] {
  if (!/[\\/]/.test(command)) return command.trim().split(/\s+/);
  return [(command.split(/[\\/]/).at(-1) ?? '').replace(/\.(cmd|exe|bat|ps1)$/i, '')];
}

/** The version that a word names exactly; none for a tag or a range. npm takes `1` and `1.2` for ranges; for the others they are versions. */
export function exactVersion({ ecosystem, wanted }: PackageSpec): string | undefined {
  const exact = ecosystem === 'npm' ? /^v?\d+\.\d+\.\d+[\w.+-]*$/ : /^v?\d[\w.!+-]*$/;
  return wanted !== undefined && exact.test(wanted) ? wanted : undefined;
}

interface Located {
  readonly at: number;
  readonly word: string;
  /** What stands before it in the same word: `--package=`. */
  readonly prefix: string;
}

function locate(launcher: Launcher, line: readonly string[], from: number): Located | undefined {
  for (let at = from; at < line.length; at++) {
    const word = line[at] ?? '';
    if (!word.startsWith('-')) return { at, word, prefix: '' };
    const flag = launcher.packageFlags.find((one) => word === one || word.startsWith(`${one}=`));
    if (flag === word) return { at: at + 1, word: line[at + 1] ?? '', prefix: '' };
    if (flag !== undefined) {
      return { at, word: word.slice(flag.length + 1), prefix: `${flag}=` };
    }
    if (takesValue(launcher, word)) at++;
  }
  return undefined;
}

function takesValue(launcher: Launcher, word: string): boolean {
  if (word.includes('=')) return false;
  if (launcher.valueFlags !== 'all') return launcher.valueFlags.has(word);
  return !(launcher.switches?.test(word) ?? false);
}

function readNpm(word: string): Omit<PackageSpec, 'at'> | undefined {
  if (!/^(@[\w.~-]+\/)?[\w.~-]+(@[^:/]*)?$/.test(word) || /^[.~]/.test(word)) return undefined;
  return readAt('npm', word);
}

function readAt(ecosystem: 'npm' | 'nuget', word: string): Omit<PackageSpec, 'at'> {
  const cut = word.indexOf('@', 1);
  const name = cut < 0 ? word : word.slice(0, cut);
  const wanted = cut < 0 ? undefined : word.slice(cut + 1) || undefined;
  return { ecosystem, name, wanted, bare: name, write: (version) => `${name}@${version}` };
}

function readPypi(word: string): Omit<PackageSpec, 'at'> | undefined {
  const match = /^([A-Za-z0-9][\w.-]*)(\[[\w,.-]+\])?(?:(?:==|@)([\w.!+*-]+))?$/.exec(word);
  const [, name, extras = '', wanted] = match ?? [];
  if (name === undefined) return undefined;
  return {
    ecosystem: 'pypi',
    name,
    wanted,
    bare: `${name}${extras}`,
    write: (version) => `${name}${extras}==${version}`,
  };
}

function readImage(word: string): Omit<PackageSpec, 'at'> | undefined {
  if (!/^[\w./:@-]+$/.test(word) || /^[./]/.test(word)) return undefined;
  const { tag, digest } = parseImage(word);
  const name = withoutTag(word);
  return {
    ecosystem: 'oci',
    name,
    wanted: tag,
    digest,
    write: (version, integrity) => {
      const tagged = version === integrity ? name : `${name}:${version}`;
      return integrity === undefined ? tagged : `${tagged}@${integrity}`;
    },
  };
}
