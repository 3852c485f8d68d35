/** The setting `node_executable`: another program in the place of npx. */
import { McpmError } from '../errors.ts';
import type { Installation } from '../registry/index.ts';

/** What the setting may be. */
const NODE_EXECUTABLES = ['npx', 'bunx', 'pnpm dlx', 'yarn dlx'] as const;

/** The setting's value. @throws McpmError `INVALID_INPUT` for something else */
export function nodeExecutable(setting: unknown): string | undefined {
  if (setting === undefined || setting === null || setting === '') return undefined;
  const found = NODE_EXECUTABLES.find((one) => one === setting);
  if (found !== undefined) return found;
  throw new McpmError(
    'INVALID_INPUT',
    `The setting node_executable is ${JSON.stringify(setting)}, not one of ${NODE_EXECUTABLES.join(', ')}`,
    { hint: 'mcpm config set --key node_executable --value npx' },
  );
}

/** An installation with its npx (or its like) replaced. npx alone asks before it installs, so only it keeps `-y`. */
export function withNodeExecutable(
  installation: Installation,
  executable: string | undefined,
): Installation {
  const { command, args = [] } = installation;
  const isRunner = NODE_EXECUTABLES.some((one) => one === command?.trim());
  if (executable === undefined || !isRunner || command?.trim() === executable) return installation;
  const [program = '', ...first] = executable.split(' ');
  const rest = program === 'npx' ? args : args.filter((word) => word !== '-y' && word !== '--yes');
  return { ...installation, command: program, args: [...first, ...rest] };
}
