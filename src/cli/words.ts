/** Command lines given as one text. */
import { McpmError } from '../errors.ts';

/**
 * Split a text into words as a POSIX shell would (spaces; single quotes verbatim; double quotes; backslash), but expand
 * nothing. @throws McpmError `USAGE` when a quote is left open.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  const pattern = /\s+|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])|([^\s'"\\]+)|([\s\S])/g;
  let word: string | undefined;
  for (const [all, single, double, escaped, plain, stray] of text.matchAll(pattern)) {
    if (stray !== undefined) {
      throw new McpmError('USAGE', `Unclosed quote in ${JSON.stringify(text)}`, {
        hint: 'Close the quote, or escape it with a backslash.',
      });
    }
    const piece = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain;
    if (piece !== undefined) word = (word ?? '') + piece;
    else if (/^\s/.test(all) && word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Words as one text that {@link splitWords} reads back. */
export function joinWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./${}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`))
    .join(' ');
}
