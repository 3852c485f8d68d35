export interface WireAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}
export interface Wire {
  send(
    bytes: readonly (string | Buffer)[],
    resolve: (answer: WireAnswer) => void,
    reject: (error: Error) => void,
    options?: { readonly onData?: (chunk: Buffer) => void },
  ): void;
  stale(): boolean;
  close(): void;
}
export function openWire(url: string): Wire;
export function bare(
  method: string,
  url: string,
  headers?: Readonly<Record<string, string>>,
): string;
export function postHead(
  url: string,
  headers?: Readonly<Record<string, string>>,
): (length: number) => string;
