import { parseDocument } from 'yaml';
import { z } from 'zod';
import { describeValue } from '@parley/cache-core/kernel';
import { isHost, isKeyPrefix } from './fields.ts';
import type { Problems } from './problems.ts';
import { adapterChoices } from './variables-general.ts';

const must = (predicate: string): { error: string } => ({ error: `must be ${predicate}` });

/** An object with these keys and no others; a misspelt key must not be lost in silence. */
function section<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === 'unrecognized_keys' && Array.isArray(keys)
        ? `must not contain ${keys.join(', ')}: known are ${names}; user and password are set by REDIS_USERNAME and REDIS_PASSWORD`
        : `must be a section with ${names}`,
  });
}

const whole = (min: number, max: number): z.ZodType<number> =>
  z
    .number(must(`a whole number from ${min} to ${max}`))
    .refine(
      (value) => Number.isInteger(value) && value >= min && value <= max,
      must(`a whole number from ${min} to ${max}`),
    );

const host = z.string(must('a name or an address')).refine(isHost, must('a name or an address'));
const port = whole(1, 65_535);
const database = whole(0, 65_535);

const storage = section({
  type: z.literal('redis', must('redis; a Postgres is set by DATABASE_URL')),
  connection: section({ host, port: port.optional(), database: database.optional() }),
  retention: z
    .record(
      z.string().regex(/^[\w.-]{1,64}$/, must('made of letters, digits, "_", "." and "-"')),
      whole(1, 36_500),
    )
    .optional(),
});

const cacheLayer = section({
  type: z.enum(adapterChoices, must(`one of ${adapterChoices.join(', ')}`)).optional(),
  connection: section({
    cluster: z
      .array(section({ host, port: port.optional() }), must('a list of addresses'))
      .min(1, must('a list of at least one address'))
      .optional(),
    host: host.optional(),
    port: port.optional(),
    database: database.optional(),
  })
    .refine(
      ({ cluster, ...server }) =>
        cluster === undefined ? server.host !== undefined : Object.keys(server).length === 0,
      { error: 'must say either cluster, or host with port and database' },
    )
    .optional(),
  settings: section({
    keyPrefix: z
      .string(must('a text'))
      .refine(isKeyPrefix, must('up to 128 characters without braces, quotes and control characters'))
      .optional(),
    ttl: z
      .number(must('a number of seconds above 0'))
      .positive(must('a number of seconds above 0'))
      .optional(),
  }).optional(),
});

const file = section({ storage: storage.optional(), 'cache-layer': cacheLayer.optional() });

export type ConfigFile = z.output<typeof file>;

/** What the file says; an empty one where it cannot be used, with the reasons among the problems. */
export function readConfigFile(
  path: string,
  readFile: (path: string) => string,
  problems: Problems,
): ConfigFile {
  const text = attemptRead(path, readFile, problems);
  if (text === undefined) return {};
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken !== undefined) {
    // Not its message, which quotes the file: there may be something in it that must not be printed.
    problems.add('PARLEY_CONFIG', `is not YAML: line ${broken.linePos?.[0].line ?? 1}: ${broken.code}`);
    return {};
  }
  const content: unknown = document.toJS({ maxAliasCount: 10 }) ?? {};
  const outcome = file.safeParse(content);
  if (outcome.success) return outcome.data;
  for (const { path: steps, message } of outcome.error.issues) {
    const where = steps.length === 0 ? 'the file' : nameOf(steps);
    problems.add('PARLEY_CONFIG', `${where}${shownAt(content, steps)} ${message}`);
  }
  return {};
}

function attemptRead(
  path: string,
  readFile: (path: string) => string,
  problems: Problems,
): string | undefined {
  try {
    return readFile(path);
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    problems.add(
      'PARLEY_CONFIG',
      `must be the path of a file that can be read${typeof code === 'string' ? ` (${code})` : ''}`,
    );
    return undefined;
  }
}

function nameOf(steps: readonly PropertyKey[]): string {
  return steps
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

/** Values only, no sections: what stands under a misspelt key may be a password. */
function shownAt(content: unknown, steps: readonly PropertyKey[]): string {
  let value: unknown = content;
  for (const step of steps)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  return value === undefined || typeof value === 'object' ? '' : ` (${describeValue(value)})`;
}
