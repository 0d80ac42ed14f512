import { expect } from 'vitest';
import { ConfigError, readConfig, type Environment, type ParleyConfig } from '@parley/runtime';

/** The files that a config may name, by their paths. */
export type Files = Readonly<Record<string, string>>;

export const readFrom =
  (files: Files) =>
  (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    return text;
  };

export function configOf(env: Environment, files: Files = {}): ParleyConfig {
  return readConfig(env, { readFile: readFrom(files) });
}

/** The sentences of the error; none where the config is usable. */
export function problemsOf(env: Environment, files: Files = {}): string[] {
  try {
    configOf(env, files);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

/** The whole sentence, or a part of it. */
export const told = (message: string | RegExp): unknown =>
  typeof message === 'string' ? message : expect.stringMatching(message);
