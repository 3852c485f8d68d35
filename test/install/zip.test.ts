import fc from 'fast-check';
import { expect, it } from 'vitest';
import { McpmError } from '../../src/errors.ts';
import { readZip } from '../../src/install/zip.ts';
import { zip } from '../helpers/zip.ts';

const LIMITS = { files: 100, bytes: 100_000 };
const FILES = [
  {
    path: 'manifest.json',
    content: '{"name":"x","text":"some text that packs, some text that packs"}',
  },
  { path: 'server/index.js', content: 'console.log(1);\n'.repeat(40) },
  { path: 'server/data.bin', content: Buffer.from([0, 1, 2, 255, 254]), stored: true },
];
const ARCHIVE = zip(FILES);

function contents(bytes: Uint8Array): Record<string, string> {
  return Object.fromEntries(
    readZip(bytes, 'x', LIMITS).map((file) => [
      file.path,
      Buffer.from(file.read()).toString('hex'),
    ]),
  );
}

const TRUE = contents(ARCHIVE);

it('reads what was packed', () => {
  expect(TRUE).toEqual(
    Object.fromEntries(
      FILES.map(({ path, content }) => [path, Buffer.from(content as string).toString('hex')]),
    ),
  );
});

it('never hands out other content than was packed, nor fails in another way, when bytes change', () => {
  const change = fc.tuple(fc.nat(ARCHIVE.length - 1), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Buffer.from(ARCHIVE);
      for (const [at, mask] of changes) bytes[at] = (bytes[at] ?? 0) ^ mask;
      try {
        const known = new Set(Object.values(TRUE));
        for (const [path, content] of Object.entries(contents(bytes))) {
          expect(known.has(content) || content === '').toBe(true);
          expect(path.split('/')).not.toContain('..');
        }
      } catch (error) {
        expect(error).toBeInstanceOf(McpmError);
        expect(error).toMatchObject({ code: 'INTEGRITY' });
      }
    }),
    { numRuns: 2000 },
  );
});

it('fails in no other way on arbitrary and cut bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(ARCHIVE.length), (noise, end) => {
      for (const bytes of [noise, ARCHIVE.subarray(0, end), Buffer.concat([noise, ARCHIVE])]) {
        try {
          contents(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INTEGRITY' });
        }
      }
    }),
    { numRuns: 500 },
  );
});
