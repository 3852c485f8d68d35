/** Continue: elements of a list with a `name`; the headers of a remote one are in `requestOptions`. */
import type { Codec } from '../types.ts';
import { TYPED_LONG } from './common.ts';
import { isFields, shaped } from './shaped.ts';

const plain = shaped({ ...TYPED_LONG, named: ['name'] });

/** The codec of Continue's `mcpServers` list. */
export const continueCodec: Codec = {
  ...plain,
  encode: (entry, name, previous) => {
    const { headers, ...value } = plain.encode(entry, name, previous);
    const { requestOptions, ...rest } = value;
    const options = isFields(requestOptions) ? without(requestOptions, 'headers') : {};
    const asked = headers === undefined ? options : { ...options, headers };
    return { ...rest, ...(Object.keys(asked).length > 0 ? { requestOptions: asked } : {}) };
  },
  decode: (value) => {
    if (!isFields(value)) return undefined;
    const options = value.requestOptions;
    return plain.decode(isFields(options) ? { ...value, headers: options.headers } : value);
  },
};

function without(fields: Readonly<Record<string, unknown>>, name: string) {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}
