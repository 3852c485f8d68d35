/** The settings this program reads: one row each, with what it takes. Others are kept, and never read. */

import { McpmError } from '../errors.ts';
import { isSecretName, MASK, redact } from '../platform/redact.ts';
import { didYouMean } from '../platform/suggest.ts';
import { ENGINE_SETTINGS } from './engine-settings.ts';
import { boundsOf, isWithinBounds } from './limits.ts';
import { SHARE_SETTINGS } from './share-settings.ts';

/** What a setting takes. */
export type SettingType = 'text' | 'integer' | 'boolean' | 'list';

/** One setting. `NAME` in a key stands for any name. */
export interface KnownSetting {
  readonly key: string;
  readonly type: SettingType;
  readonly brief: string;
  /** The only values it takes. */
  readonly values?: readonly string[];
}

/** Every setting there is. Folders that read one describe it here. */
export const KNOWN_SETTINGS: readonly KnownSetting[] = [
  {
    key: 'node_executable',
    type: 'text',
    brief: 'What runs npm packages instead of npx',
    values: ['npx', 'bunx', 'pnpm dlx', 'yarn dlx'],
  },
  {
    key: 'registries',
    type: 'list',
    brief:
      'Where servers are found, in order: `catalogue`, `mcpm`, `official`, `ID=ADDRESS`, an address, a file or a folder',
  },
  {
    key: 'usage',
    type: 'boolean',
    brief: 'Whether runs and calls are recorded for `mcpm usage` (true)',
  },
  {
    key: 'clients.NAME.path',
    type: 'text',
    brief: "The configuration file of a client, instead of the client's usual one",
  },
  ...Object.entries(SHARE_SETTINGS).map(([key, brief]) => ({ key, type: 'text', brief }) as const),
  ...ENGINE_SETTINGS,
];

/**
 * A setting's value from the text a person gave.
 * @throws McpmError `INVALID_INPUT` for a value the setting does not take, `NOT_FOUND` for an unknown key without `force`.
 */
export function parseSetting(
  key: string,
  text: string,
  options: { readonly force: boolean },
): unknown {
  const known = KNOWN_SETTINGS.find((setting) => matches(setting, key));
  if (known === undefined) {
    if (options.force) return text;
    throw new McpmError('NOT_FOUND', `There is no setting ${JSON.stringify(key)}`, {
      hint: didYouMean(
        key,
        KNOWN_SETTINGS.map((setting) => setting.key),
        'What there is: mcpm config ls. Store it all the same with --force.',
      ),
      data: { key },
    });
  }
  if (known.values && !known.values.includes(text))
    throw unfit(key, text, `one of ${known.values.join(', ')}`);
  return PARSERS[known.type](key, text);
}

/** Whether a key is the setting's, `NAME` standing for any part without a dot. */
export function matches(setting: KnownSetting, key: string): boolean {
  const parts = setting.key.split('.');
  const given = key.split('.');
  return (
    parts.length === given.length &&
    parts.every((part, i) => (part === 'NAME' ? given[i] !== '' : part === given[i]))
  );
}

/** A setting's value as it may be shown: credentials masked, passwords in addresses too. */
export function shownSetting(key: string, value: unknown): unknown {
  if (isSecretName(key)) return MASK;
  if (Array.isArray(value)) return value.map((item) => shownSetting(key, item));
  return typeof value === 'string' ? redact(value) : value;
}

/** A key as it is stored: a client's is taken in any spelling (`clients.CLAUDE_DESKTOP.path`), all others as they are. */
export function settingKey(key: string): string {
  const client = /^clients\.(.+)\.path$/.exec(key)?.[1];
  return client === undefined ? key : `clients.${client.toLowerCase().replaceAll('_', '-')}.path`;
}

const PARSERS: Readonly<Record<SettingType, (key: string, text: string) => unknown>> = {
  text: (_, text) => text,
  integer: (key, text) => {
    const { min, max } = boundsOf(key);
    const value = /^\d+$/.test(text) ? Number(text) : undefined;
    if (isWithinBounds(key, value)) return value;
    const most = max < Number.MAX_SAFE_INTEGER ? `from ${min} to ${max}` : `of at least ${min}`;
    throw unfit(key, text, `a whole number ${most}`);
  },
  boolean: (key, text) => {
    if (!/^(true|false)$/.test(text)) throw unfit(key, text, 'true or false');
    return text === 'true';
  },
  list: (_, text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
};

function unfit(key: string, text: string, expected: string): McpmError {
  return new McpmError('INVALID_INPUT', `${key} takes ${expected}, not ${JSON.stringify(text)}`, {
    data: { key },
  });
}
