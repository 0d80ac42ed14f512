import { existsSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { demoEnvironment } from '../../src/demo/demo-environment.ts';
import { readArguments } from '../../src/program/arguments.ts';
import { readHubConfig } from '../../src/config.ts';

test('a demo keeps nothing, has room for files, and says what it is', () => {
  const { environment, folder = '' } = demoEnvironment({});
  expect(existsSync(folder)).toBe(true);
  const config = readHubConfig(environment);
  expect(config.name).toBe('Parley demo');
  expect(config.environment).toMatchObject({ NODE_ENV: 'test' });
  expect(config.files.place).toEqual({ kind: 'folder', path: folder });
  expect(demoEnvironment({ HUB_NAME: 'Ours', HUB_FILES: folder })).toMatchObject({
    environment: { HUB_NAME: 'Ours', HUB_FILES: folder },
    folder: undefined,
  });
  rmSync(folder, { recursive: true });
});

test('a demo does not live beside what is kept, unless it is asked to', () => {
  const database = { DATABASE_URL: 'postgres://localhost/x' };
  expect(() => demoEnvironment(database)).toThrow('DATABASE_URL is set');
  expect(() => demoEnvironment({ REDIS_URL: 'redis://localhost' })).toThrow('REDIS_URL is set');
  expect(() => demoEnvironment({ HUB_DATA: './data' })).toThrow(
    'HUB_DATA is set, and the demo keeps nothing',
  );
  expect(() => demoEnvironment({ ...database, HUB_DEMO: 'memory' })).toThrow('DATABASE_URL is set');
  const { environment } = demoEnvironment({ ...database, HUB_DEMO: 'database' });
  expect(environment).toMatchObject({ ...database, HUB_NAME: 'Parley demo' });
  expect(environment['NODE_ENV']).toBeUndefined();
  expect(() => readHubConfig({ HUB_DEMO: 'folder' })).toThrow(
    'HUB_DEMO ("folder") must be one of memory, database',
  );
});

test('what the program is to do is said by its arguments, and what it does not know is named', () => {
  expect(readArguments([])).toEqual({ does: 'run', demo: false });
  expect(readArguments(['--demo'])).toEqual({ does: 'run', demo: true });
  expect(readArguments(['restore', 'x'])).toEqual({ does: 'restore', path: 'x' });
  for (const given of [['--deom'], ['--demo', '--port'], ['restor', 'x'], ['restore', 'x', 'y'], ['restore']])
    expect(() => readArguments(given)).toThrow('The configuration cannot be used');
  expect(() => readArguments(['--demo', '--port'])).toThrow('--port is not known');
});
