/** Lines of a text by offset, whatever their ends (LF, CRLF, both mixed). */

/** Replace `[start, end)` of a text. */
export function splice(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends, its line end included. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** Where the line of an offset ends, its line end excluded. */
export function contentEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

/** The blanks that the line of an offset begins with. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** Whether only blanks stand before an offset in its line. */
export function startsLine(text: string, offset: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, offset), offset));
}

/** The line end in use around an offset: of its line, else of the line before, else of the text's first line. */
export function eolAt(text: string, offset: number): string {
  const here = text.indexOf('\n', offset);
  const before = lineStart(text, offset) - 1;
  const end = [here, before, text.indexOf('\n')].find((at) => at >= 0) ?? -1;
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}
