/** The flags that describe a server, shared by `new` and `edit`, and the checks of their values. */
import { McpmError } from '../errors.ts';
import { flag } from './flags.ts';

/** How a server is reached, as flags. */
export const serverFlags = {
  command: flag.text('The program that is started', { placeholder: 'PROGRAM' }),
  args: flag.text('Its arguments, as on a command line', { placeholder: '"A B"' }),
  env: flag.pairs('Environment variables of the program'),
  url: flag.text('The URL of a remote server', { placeholder: 'URL' }),
  headers: flag.pairs('HTTP headers sent to it'),
};

/** A URL that a remote server can have. @throws McpmError `INVALID_INPUT`. */
export function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new McpmError('INVALID_INPUT', `${JSON.stringify(text)} is not the URL of a server`, {
      hint: 'It begins with http:// or https://.',
    });
  }
  return text;
}

/** A text with something in it. @throws McpmError `INVALID_INPUT`. */
export function textOf(what: string, text: string): string {
  if (text.trim() !== '') return text;
  throw new McpmError('INVALID_INPUT', `The ${what} is empty`);
}
