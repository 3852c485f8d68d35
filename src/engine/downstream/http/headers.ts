/** The headers that mirror a request of the new era (specification 2026-07-28, Streamable HTTP, "Request Metadata"). */
import type { IncomingHttpHeaders } from 'node:http';
import { modernVersionOf, paramsOf } from '../../eras/era.ts';
import { type Frame, headOf } from '../../frames/frame.ts';
import { NAMED_BY } from '../../upstream/http/mirrored-headers.ts';

/** What does not match, in words; undefined when all is well. */
export function headerMismatch(headers: IncomingHttpHeaders, frame: Frame): string | undefined {
  const { method = '' } = headOf(frame);
  const params = paramsOf(frame.message);
  const key = NAMED_BY[method];
  const version = modernVersionOf(params);
  const expected: [string, unknown][] = [
    // A body without it is refused for that, as invalid parameters.
    ...(version === undefined ? [] : [['mcp-protocol-version', version] as [string, unknown]]),
    ['mcp-method', method],
    ...(key ? [['mcp-name', params?.[key]] as [string, unknown]] : []),
  ];
  for (const [header, value] of expected) {
    const given = headers[header];
    if (typeof given !== 'string') return `Header mismatch: ${header} is missing`;
    if (decodeHeader(given) !== value) {
      return `Header mismatch: ${header} header value '${given}' does not match the body`;
    }
  }
  return undefined;
}

/** A header value, taken out of its base64 wrapping; undefined when that is broken. */
export function decodeHeader(value: string): string | undefined {
  const wrapped = /^=\?base64\?(.*)\?=$/s.exec(value);
  if (!wrapped) return value;
  const text = wrapped[1] ?? '';
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64').toString('utf8');
}
