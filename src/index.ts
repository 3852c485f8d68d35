/** The library's public face. */
export { type ErrorCode, EXIT_CODES, McpmError } from './errors.ts';
