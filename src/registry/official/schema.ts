/** `server.json` of the official registry, up to schema 2025-12-11, and the pages of its API v0.1. Fields not used here are ignored. */
import * as z from 'zod';

const text = z.string();
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish();

const inputFields = {
  description: maybe(text),
  isRequired: maybe(z.boolean()),
  isSecret: maybe(z.boolean()),
  format: maybe(text),
  value: maybe(text),
  default: maybe(z.union([text, z.number(), z.boolean()]).transform(String)),
  placeholder: maybe(text),
  choices: maybe(z.array(text)),
};

const input = z.object(inputFields);
const variables = maybe(z.record(z.string(), input));
const keyValue = z.object({ ...inputFields, variables, name: text.min(1) });

const argument = z.object({
  ...inputFields,
  variables,
  type: maybe(text),
  name: maybe(text),
  valueHint: maybe(text),
  isRepeated: maybe(z.boolean()),
});

const transport = z.object({
  type: text,
  url: maybe(text),
  headers: maybe(z.array(keyValue)),
  variables,
});

const packageSchema = z.object({
  registryType: text,
  registryBaseUrl: maybe(text),
  identifier: text.min(1),
  version: maybe(text),
  fileSha256: maybe(text),
  runtimeHint: maybe(text),
  transport: maybe(transport),
  runtimeArguments: maybe(z.array(argument)),
  packageArguments: maybe(z.array(argument)),
  environmentVariables: maybe(z.array(keyValue)),
});

/** A `server.json`. */
export const serverSchema = z.object({
  name: text.min(1),
  title: maybe(text),
  description: maybe(text),
  version: maybe(text),
  status: maybe(text),
  websiteUrl: maybe(text),
  repository: maybe(z.object({ url: maybe(text), source: maybe(text), subfolder: maybe(text) })),
  packages: maybe(z.array(packageSchema)),
  remotes: maybe(z.array(transport)),
  _meta: maybe(z.record(z.string(), z.unknown())),
});

const entrySchema = z.object({
  server: z.unknown(),
  _meta: maybe(z.record(z.string(), z.unknown())),
});

/** A page of the list. */
export const pageSchema = z.object({
  servers: maybe(z.array(entrySchema)),
  metadata: maybe(z.object({ nextCursor: maybe(text), count: maybe(z.number()) })),
});

/** What the registry says about an entry, under its own name. */
export const registryMetaSchema = z.object({
  status: maybe(text),
  statusMessage: maybe(text),
  publishedAt: maybe(text),
  updatedAt: maybe(text),
  isLatest: maybe(z.boolean()),
});

/** What the registry says about an entry. */
export type RegistryMeta = z.infer<typeof registryMetaSchema>;
/** A `server.json`. */
export type ServerJson = z.infer<typeof serverSchema>;
/** An entry of the API: a `server.json` and what the registry says about it. */
export type RegistryEntry = z.infer<typeof entrySchema>;
/** One way to start it. */
export type Package = z.infer<typeof packageSchema>;
/** A word, or a flag and its value, of a command line. */
export type PackageArgument = z.infer<typeof argument>;
/** A named value: an environment variable or a header. */
export type KeyValue = z.infer<typeof keyValue>;
/** A value. */
export type Input = z.infer<typeof input>;
