/** Random documents of each format, with comments and blanks wherever the format allows them. */
import fc from 'fast-check';
import type { FormatId } from '../../src/edit/index.ts';

const pick = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** JSON with comments: any trivia between any two tokens, trailing commas. */
function jsonc(): fc.Arbitrary<string> {
  const trivia = fc.oneof(
    { weight: 5, arbitrary: pick('', ' ', '\n  ', '\r\n\t') },
    pick(' // c\n', '/* x */', '\n  // d, "}"\n  ', '/* a\n b */', ' // {"\r\n'),
  );
  const leaf = fc.oneof(
    pick('1', 'true', 'null', '"s"', '"// no"', '"/* no"', '[]', '{}'),
    fc.tuple(trivia, trivia).map(([a, b]) => `[${a}1${b}]`),
  );
  const object = (value: fc.Arbitrary<string>, keys: readonly string[]) =>
    fc
      .tuple(
        fc.uniqueArray(pick(...keys), { maxLength: 4 }),
        fc.array(fc.tuple(trivia, trivia, trivia, value, trivia), { minLength: 4, maxLength: 4 }),
        trivia,
        fc.boolean(),
      )
      .map(([names, parts, end, trailing]) => {
        const items = names.map((name, index) => {
          const [a, b, c, item, d] = parts[index] ?? ['', '', '', '1', ''];
          return `${a}"${name}"${b}:${c}${item}${d}`;
        });
        return `{${items.join(',')}${trailing && items.length > 0 ? ',' : ''}${end}}`;
      });
  const section = object(object(leaf, ['command', 'args', 'env']), ['a', 'd', 'mcpm_x']);
  const root = object(fc.oneof(leaf, section), ['z', 'servers', 'y']);
  return fc.tuple(trivia, root, trivia).map((parts) => parts.join(''));
}

/** A piece of YAML that is written at an indentation. */
type Block = (indent: string) => string;

/** YAML in block style with scalars of every kind, comments, blank lines, anchors, flow collections. */
function yaml(): fc.Arbitrary<string> {
  const noise = pick('', '', '', '# c\n', '\n', '    # deep c\n', '\n\n');
  const scalar = pick(
    ...['x', '"q # no"', "'s: t'", '1', 'null', '', '~', '{a: 1}', '[1, 2]', '[]', '{}', '&anc x'],
    ...['|\n§text\n§\n§more', '>-\n§folded\n§x', '|+\n§keep\n\n', '"multi\n§line"', '!!str 5'],
    ...['{\n§a: 1,\n§b: [x, y]\n§}', 'plain\n§continued', 'x # tc', '{} # tc'],
  );
  const leaf = scalar.map(
    (text): Block =>
      (indent) => {
        const written = `${text === '' ? '' : ' '}${text.replaceAll('§', `${indent}  `)}`;
        return written.endsWith('\n') ? written : `${written}\n`;
      },
  );
  const pairs = (keys: readonly string[], value: fc.Arbitrary<Block>) =>
    fc
      .tuple(
        fc.uniqueArray(pick(...keys), { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(noise, value, pick('', '"', "'")), { minLength: 3, maxLength: 3 }),
      )
      .map(
        ([names, parts]): Block =>
          (indent) =>
            names
              .map((name, index) => {
                const [before, write, quote] = parts[index] ?? ['', () => '\n', ''];
                return `${before}${indent}${quote}${name}${quote}:${write(indent)}`;
              })
              .join(''),
      );
  const below = (block: fc.Arbitrary<Block>, ...steps: readonly string[]) =>
    fc.tuple(block, pick(...steps), pick('', ' # tc')).map(
      ([write, step, comment]): Block =>
        (indent) =>
          `${comment}\n${write(indent + step)}`,
    );
  const entry = pairs(['command', 'args', 'env', 'k'], leaf);
  const map = pairs(['a', 'b c', 'mcpm_x', 'd'], fc.oneof(leaf, below(entry, '  ', '    ', ' ')));
  const list = fc
    .array(fc.tuple(noise, entry, pick('a', 'mcpm_x', 'd')), { minLength: 1, maxLength: 3 })
    .map(
      (items): Block =>
        (indent) =>
          items
            .map(
              ([before, write, name]) =>
                `${before}${indent}- name: ${name}\n${write(`${indent}  `)}`,
            )
            .join(''),
    );
  const section = fc.oneof(leaf, below(map, '  ', '    '), below(list, '', '  ', ' '));
  return fc
    .tuple(
      pick('', '---\n', '%YAML 1.2\n---\n'),
      pairs(['y', 'servers', 'z'], section),
      noise,
      pick('', '...\n'),
    )
    .map(([head, body, end, tail]) => `${head}${body('')}${end}${tail}`);
}

/** TOML with headers in any order, dotted keys, inline tables, lists of tables. Half of them do not parse, and are left out. */
function toml(): fc.Arbitrary<string> {
  const noise = pick('', '\n', '# n\n', '\n# n\n\n', '\n\n');
  const value = pick(
    ...['1', '"x"', "'l'", 'true', '[1, 2]', '[\n  1, # c\n  2,\n]', '{ a = 1 }', '{}', '[]'],
    ...['"""\n[x]\n"""', '1979-05-27', '[{ name = "a" }, {name="d"}]', '{a={command="x"},b.c=1}'],
  );
  const comment = pick('', '', ' # c');
  const line = fc
    .tuple(pick('', '  '), pick('k', '"q k"', 'command', 'env.A', 'x.y'), value, comment)
    .map(([indent, key, text, end]) => `${indent}${key} = ${text}${end}\n`);
  const lines = fc
    .uniqueArray(line, { maxLength: 3, selector: (one) => one.trim().split(/[ .]/)[0] })
    .map((all) => all.join(''));
  const header = pick(
    ...['[servers]', '[servers.a]', '[servers.mcpm_x]', '[servers."b c"]', '[servers.a.env]'],
    ...['[z]', '[z.q]', '[[list]]', '[[servers]]', '[ servers . d ]'],
  );
  const table = fc
    .tuple(noise, pick('', '  '), header, comment, lines)
    .map(([before, indent, head, end, body]) => `${before}${indent}${head}${end}\n${body}`);
  const first = pick(
    ...['servers.a.command = "x"\n', 'servers = { a = {command="x"} }\n', 'servers = []\n', '', ''],
  );
  return fc
    .tuple(noise, lines, first, fc.array(table, { maxLength: 4 }), noise)
    .map(([start, body, root, tables, end]) => start + body + root + tables.join('') + end);
}

const FORMATS = { jsonc, yaml, toml } satisfies Record<FormatId, () => fc.Arbitrary<string>>;

/** Random documents of a format, with and without a final line end, with LF and CRLF. */
export function documentsOf(id: FormatId): fc.Arbitrary<string> {
  return fc.tuple(FORMATS[id](), fc.boolean(), pick('\n', '\r\n')).map(([text, final, eol]) => {
    const ended = final || text.includes('|+') ? text : text.replace(/\n$/, '');
    return id === 'jsonc' ? ended : ended.replaceAll('\n', eol);
  });
}
