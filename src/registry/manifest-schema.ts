/** The manifest's schema, checked wherever one is read. Loaded only then: zod costs more than a start of the program. */
import * as z from 'zod';
import { McpmError } from '../errors.ts';
import type { Argument, Installation, Manifest } from './manifest.ts';

const optional = <T extends z.ZodType>(schema: T) => z.exactOptional(schema);
const text = z.string();
const textRecord = z.record(z.string(), text);

const argument: z.ZodType<Argument> = z.looseObject({
  description: text,
  required: optional(z.boolean()),
  example: optional(text),
  secret: optional(z.boolean()),
  choices: optional(z.array(text).min(1)),
  default: optional(text),
  format: optional(z.enum(['string', 'number', 'boolean', 'filepath', 'directory'])),
  repeated: optional(z.boolean()),
});

const installation: z.ZodType<Installation> = z
  .looseObject({
    type: z.enum([
      'npm',
      'uvx',
      'docker',
      'python',
      'nuget',
      'mcpb',
      'custom',
      'cli',
      'http',
      'sse',
    ]),
    command: optional(text.min(1)),
    args: optional(
      z.array(
        z.union([text, z.looseObject({ words: z.array(text).min(1), when: optional(text) })]),
      ),
    ),
    env: optional(textRecord),
    url: optional(text.min(1)),
    headers: optional(textRecord),
    package: optional(text),
    version: optional(text),
    sha256: optional(text.regex(/^[a-f0-9]{64}$/)),
    description: optional(text),
    recommended: optional(z.boolean()),
  })
  .refine((value) => value.command ?? value.url ?? (value.type === 'mcpb' && value.package), {
    message: 'needs a command or a url',
  });

const capabilities = z.array(z.looseObject({ name: text.min(1), description: optional(text) }));

/** What a manifest must look like; fields it does not name are kept. */
const manifestSchema: z.ZodType<Manifest> = z.looseObject({
  name: text.regex(/^[A-Za-z0-9@][A-Za-z0-9._@-]*(\/[A-Za-z0-9._-]+)?$/).max(200),
  display_name: text.min(1),
  description: text,
  version: optional(text),
  repository: optional(z.looseObject({ type: optional(text), url: text })),
  homepage: optional(text),
  license: optional(text),
  author: optional(z.looseObject({ name: text, email: optional(text), url: optional(text) })),
  categories: optional(z.array(text)),
  tags: optional(z.array(text)),
  arguments: optional(z.record(z.string(), argument)),
  installations: z
    .record(z.string(), installation)
    .refine((value) => Object.keys(value).length > 0, { message: 'needs at least one' }),
  tools: optional(capabilities),
  prompts: optional(capabilities),
  resources: optional(capabilities),
  examples: optional(
    z.array(
      z.looseObject({ title: optional(text), description: optional(text), prompt: optional(text) }),
    ),
  ),
  is_official: optional(z.boolean()),
  is_archived: optional(z.boolean()),
  docker_url: optional(text),
  status: optional(z.enum(['active', 'deprecated', 'deleted'])),
  status_message: optional(text),
  published_at: optional(text),
  updated_at: optional(text),
});

/**
 * A manifest from parsed JSON.
 * @param where names the file or URL in the error
 * @throws McpmError `CONFIG_SHAPE` that lists every field that is wrong
 */
export function parseManifest(value: unknown, where: string): Manifest {
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new McpmError('CONFIG_SHAPE', `${where} is no server manifest: ${problems.join('; ')}`, {
    hint: 'See docs/registries.md for the fields of a manifest.',
    data: { where, problems },
  });
}
