/** Through any program that prints the URL it opened. */
import { McpmError } from '../../errors.ts';
import { findProgram } from '../../platform/which.ts';
import { openProgram } from './program.ts';
import type { TunnelProvider } from './types.ts';

/** The first URL that a line holds, for programs that need no better pattern. */
const ANY_URL = 'https?://[^\\s"\'<>]+';

export const command: TunnelProvider = {
  id: 'command',
  summary: 'any program that prints its URL (share_command)',
  takes: ['subdomain'],
  configured: (settings) => settings.share_command !== undefined,
  async open(request) {
    const { settings, origin, ctx, subdomain = '' } = request;
    if (settings.share_command === undefined)
      throw new McpmError('USAGE', 'Which program?', {
        hint: "mcpm config set --key share_command --value 'PROGRAM --port {port}'",
      });
    const words = wordsOf(settings.share_command).map((word) =>
      word
        .replaceAll('{host}', origin.host)
        .replaceAll('{port}', String(origin.port))
        .replaceAll('{subdomain}', subdomain),
    );
    const [name = '', ...args] = words;
    const program = await findProgram(ctx, name);
    if (program === undefined)
      throw new McpmError('RUNTIME_MISSING', `${name} is not on PATH`, {
        hint: 'Install it, or name it by its whole path in share_command.',
        data: { program: name },
      });
    const pattern = patternOf(settings.share_command_url ?? ANY_URL);
    return openProgram(request, {
      id: 'command',
      program,
      args,
      urlIn: (line) => {
        const match = pattern.exec(line);
        return match?.[1] ?? match?.[0];
      },
    });
  },
};

/** Words separated by blanks; quotes keep blanks in. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}

function patternOf(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (cause) {
    throw new McpmError('INVALID_INPUT', `share_command_url is no regular expression: ${source}`, {
      cause,
    });
  }
}
