/** Files of `NAME=value` lines, as dotenv and docker read them. */
import { resolve } from 'node:path';
import { McpmError } from '../errors.ts';
import { readText } from '../platform/files.ts';

/**
 * The variables of an environment file: comments, `export `, single quotes (verbatim), double quotes (`\n`, `\"` …, several lines).
 * @throws McpmError `NOT_FOUND` when there is no such file; `CONFIG_SYNTAX` with the line
 */
export async function readEnvFile(cwd: string, path: string): Promise<Record<string, string>> {
  const file = resolve(cwd, path);
  const text = await readText(file);
  if (text === undefined) {
    throw new McpmError('NOT_FOUND', `There is no environment file ${file}`, { data: { file } });
  }
  return parseEnvFile(text, file);
}

/** @throws McpmError `CONFIG_SYNTAX` with file and line */
export function parseEnvFile(text: string, file: string): Record<string, string> {
  const out: Record<string, string> = {};
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const assignment =
    /[ \t]*(?:#[^\n]*|(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:\\.|[^"\\])*)"|([^\n]*?))[ \t]*(?:[ \t]#[^\n]*)?)?(?:\n|$)/y;
  while (assignment.lastIndex < source.length) {
    const start = assignment.lastIndex;
    const match = assignment.exec(source);
    if (!match) throw syntaxError(source, start, file);
    const [, name, single, double, plain] = match;
    if (name !== undefined) out[name] = single ?? unescaped(double) ?? plain ?? '';
  }
  return out;
}

function unescaped(text: string | undefined): string | undefined {
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return text?.replace(/\\(.)/gs, (_, char: string) => escapes[char] ?? char);
}

function syntaxError(source: string, offset: number, file: string): McpmError {
  const line = source.slice(0, offset).split('\n').length;
  return new McpmError('CONFIG_SYNTAX', `${file}:${line}:1: expected NAME=value`, {
    data: { file, line, column: 1 },
  });
}
