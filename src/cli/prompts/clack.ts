/** The prompts on a real terminal, drawn on stderr so that stdout stays for results. */
import type { Readable, Writable } from 'node:stream';
import * as clack from '@clack/prompts';
import { McpmError } from '../../errors.ts';
import type { Choice, Prompts } from './types.ts';

/** Prompts over a terminal's streams. */
export function clackPrompts(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Prompts {
  const streams = { input: input as Readable, output: output as Writable };
  return {
    text: ({ message, placeholder, initial, validate, signal }) =>
      answered(
        clack.text({
          ...streams,
          message,
          ...(placeholder === undefined ? {} : { placeholder }),
          ...(initial === undefined ? {} : { initialValue: initial }),
          ...(signal === undefined ? {} : { signal }),
          validate: (answer) => validate?.(answer ?? ''),
        }),
      ).then((answer) => answer ?? ''),
    secret: ({ message, validate }) =>
      answered(
        clack.password({ ...streams, message, validate: (answer) => validate?.(answer ?? '') }),
      ),
    confirm: ({ message, initial = false }) =>
      answered(clack.confirm({ ...streams, message, initialValue: initial })),
    select: async <T>(question: {
      message: string;
      choices: readonly Choice<T>[];
      initial?: T;
    }) => {
      const first = question.choices.findIndex((choice) => choice.value === question.initial);
      const picked = await answered(
        clack.select({
          ...streams,
          message: question.message,
          options: numbered(question.choices),
          ...(first < 0 ? {} : { initialValue: first }),
        }),
      );
      return at(question.choices, picked);
    },
    multiselect: async ({ message, choices, initial = [] }) => {
      if (choices.length === 0) return [];
      const picked = await answered(
        clack.autocompleteMultiselect({
          ...streams,
          message,
          options: numbered(choices),
          initialValues: choices.flatMap((choice, index) =>
            initial.includes(choice.value) ? [index] : [],
          ),
          required: false,
        }),
      );
      return picked.map((index) => at(choices, index));
    },
  };
}

/** Clack compares options by value, so they travel as their positions. */
function numbered<T>(choices: readonly Choice<T>[]) {
  return choices.map(({ label, hint }, value) => ({
    value,
    label,
    ...(hint === undefined ? {} : { hint }),
  }));
}

function at<T>(choices: readonly Choice<T>[], index: number): T {
  const choice = choices[index];
  if (choice === undefined) throw new RangeError(`no choice ${index}`);
  return choice.value;
}

async function answered<T>(answer: Promise<T>): Promise<Exclude<T, symbol>> {
  const value = await answer;
  if (clack.isCancel(value)) throw new McpmError('CANCELLED', 'Cancelled; nothing was changed');
  return value as Exclude<T, symbol>;
}
