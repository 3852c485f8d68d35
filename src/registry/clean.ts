/** Texts of others, made safe to print. */

/** Control characters but for tab and line ends: with them a description could rewrite the terminal it is shown on. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are removed
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** A document without control characters in any of its texts, keys included. What has none is returned as it is. */
export function withoutControls<T>(value: T): T {
  const text = JSON.stringify(value) ?? '';
  // JSON writes the control characters below a blank as escapes.
  if (!/\\[ubf]|[\u007f-\u009f]/.test(text)) return value;
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(CONTROLS, '');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.replace(CONTROLS, ''), clean(item)]),
  );
}
