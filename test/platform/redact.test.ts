import { describe, expect, it } from 'vitest';
import { MASK, redact, redactRecord } from '../../src/platform/redact.ts';

describe('redact', () => {
  it.each([
    ['Authorization: Bearer abcdef123456', `Bearer ${MASK}`],
    ['API_KEY=hunter2 next', `API_KEY=${MASK}`],
    ['postgres://user:hunter2@localhost/db', `postgres://user:${MASK}@`],
    ['GET https://h/mcp?x=1&api_key=hunter2&y=2', `?x=1&api_key=${MASK}&y=2`],
    ['https://h/v1?key=hunter2#top', `?key=${MASK}#top`],
    ['token ghp_abcdefghijklmnopqrstuvwxyz012345', MASK],
  ])('masks the secret in %j', (text, expected) => {
    expect(redact(text)).toContain(expected);
    expect(redact(text)).not.toContain('hunter2');
  });

  it('leaves plain text and references alone', () => {
    expect(redact('PORT=8080 and API_KEY=${secret:x}')).toBe('PORT=8080 and API_KEY=${secret:x}');
  });

  it('masks values of secret names in a record, not others', () => {
    expect(redactRecord({ GITHUB_TOKEN: 'abc', LEVEL: 'info', KEY_REF: '${secret:k}' })).toEqual({
      GITHUB_TOKEN: MASK,
      LEVEL: 'info',
      KEY_REF: '${secret:k}',
    });
  });

  it('shows references, after the scheme of a header too, but not their defaults', () => {
    const record = { Authorization: 'Bearer ${DOCS_TOKEN}', API_KEY: '${secret:k}' };
    expect(redactRecord(record)).toEqual(record);
    expect(redactRecord({ API_KEY: '${KEY:-hunter2}', AUTH: 'hunter2 ${KEY}' })).toEqual({
      API_KEY: MASK,
      AUTH: MASK,
    });
  });
});
