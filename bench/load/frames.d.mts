export function lineReader(onLine: (line: Buffer) => void): (chunk: Buffer) => void;
export function readResponse(
  bytes: Buffer,
): { readonly id: number; readonly ok: boolean } | undefined;
