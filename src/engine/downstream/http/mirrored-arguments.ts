/** Whether the headers that mirror a call's arguments say what its body says (specification 2026-07-28, "Custom Headers from Tool Parameters"). */
import type { IncomingHttpHeaders } from 'node:http';
import { paramsOf } from '../../eras/era.ts';
import { type Frame, headOf } from '../../frames/frame.ts';
import { isObject, type Response } from '../../json-rpc.ts';
import {
  argumentAt,
  type MirroredArgument,
  mirroredArguments,
} from '../../upstream/http/mirrored-headers.ts';
import { decodeHeader } from './headers.ts';

/** Knows the tools that were listed to clients; calls of others are not checked, since nobody could know their headers. */
export class MirroredArguments {
  readonly #byTool = new Map<string, readonly MirroredArgument[]>();

  /** An answer to `tools/list` goes out. */
  learn(answer: Frame): void {
    const { result } = answer.message as Response;
    if (!Array.isArray(result?.['tools'])) return;
    for (const tool of result['tools']) {
      if (!isObject(tool)) continue;
      const mirrored = mirroredArguments(tool['inputSchema']);
      if (Array.isArray(mirrored) && mirrored.length > 0)
        this.#byTool.set(String(tool['name']), mirrored);
      else this.#byTool.delete(String(tool['name']));
    }
  }

  /** What does not match, in words; undefined when all is well. */
  mismatch(headers: IncomingHttpHeaders, frame: Frame): string | undefined {
    if (this.#byTool.size === 0 || headOf(frame).method !== 'tools/call') return undefined;
    const { name, arguments: args } = paramsOf(frame.message) ?? {};
    for (const { path, header } of this.#byTool.get(String(name)) ?? []) {
      const key = `mcp-param-${header.toLowerCase()}`;
      if (!agrees(headers[key], argumentAt(args, path)))
        return `Header mismatch: Mcp-Param-${header} does not match the argument ${path.join('.')}`;
    }
    return undefined;
  }
}

function agrees(header: string | string[] | undefined, value: unknown): boolean {
  if (value === undefined || value === null) return header === undefined;
  if (typeof header !== 'string') return false;
  const decoded = decodeHeader(header);
  if (decoded === undefined) return false;
  return typeof value === 'number' ? Number(decoded) === value : decoded === String(value);
}
