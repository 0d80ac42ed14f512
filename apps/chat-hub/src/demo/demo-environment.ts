import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, type ConfigProblem, type Environment } from '@parley/runtime';

/** Where what is real is kept. */
const servers = [
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_HOST',
  'REDIS_CLUSTER_NODES',
  'REDIS_SENTINELS',
  'CHAT_REDIS_URL',
  'CHAT_REDIS_HOST',
  'PARLEY_CONFIG',
];
const folders = ['HUB_DATA', 'DATA_DIR'];

const isSet = (env: Environment, name: string): boolean => (env[name] ?? '').trim() !== '';

export interface DemoEnvironment {
  readonly environment: Environment;
  /** To be removed when the demo ends. */
  readonly folder: string | undefined;
}

/**
 * The environment of a hub for the demo: it keeps nothing. Beside what is kept it does not start, unless `HUB_DEMO` says that a database is there
 * for it.
 */
export function demoEnvironment(env: Environment): DemoEnvironment {
  const named = { ...env, HUB_NAME: isSet(env, 'HUB_NAME') ? env['HUB_NAME'] : 'Parley demo' };
  if (env['HUB_DEMO']?.trim() === 'database' && isSet(env, 'DATABASE_URL'))
    return { environment: named, folder: undefined };
  const problems: ConfigProblem[] = [
    ...servers.filter((name) => isSet(env, name)).map((variable) => problem(variable, beside)),
    ...folders.filter((name) => isSet(env, name)).map((variable) => problem(variable, kept)),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  // In the mode of tests nothing is written to a disk, but files have to be somewhere.
  const environment = { ...named, NODE_ENV: 'test' };
  if (isSet(env, 'HUB_FILES')) return { environment, folder: undefined };
  const folder = mkdtempSync(join(tmpdir(), 'parley-demo-'));
  return { environment: { ...environment, HUB_FILES: folder }, folder };
}

const beside =
  'is set, and the demo does not live beside real messages: start it without, or say HUB_DEMO=database if that database is for the demo alone';
const kept = 'is set, and the demo keeps nothing: start it without';

const problem = (variable: string, what: string): ConfigProblem => ({
  variable,
  message: `${variable} ${what}`,
});
