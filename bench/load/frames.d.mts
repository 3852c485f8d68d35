export interface Initialize {
  readonly protocolVersion: string;
  readonly capabilities: object;
  readonly clientInfo: { readonly name: string; readonly version: string };
}
export const INITIALIZE: Initialize;
export const INITIALIZED: string;
export function lineReader(onLine: (line: Buffer) => void): (chunk: Buffer) => void;
export function readResponse(
  bytes: Buffer,
): { readonly id: number; readonly ok: boolean } | undefined;
export function request(id: number, method: string, params: object): Buffer;
export function echoCall(options: {
  readonly bytes: number;
  readonly answer?: boolean;
  readonly tools?: readonly string[];
}): (id: number) => Buffer;
