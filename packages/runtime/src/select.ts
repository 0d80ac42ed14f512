import { selectAdapter, type Selection } from '@parley/cache-core';
import type { ParleyConfig } from './config.ts';

/** Which adapter serves what, and why. */
export interface Selections {
  readonly cache: Selection;
}

/** Decides by the config alone; opens nothing. */
export function selectAdapters(config: ParleyConfig): Selections {
  const selection = selectAdapter({
    choice: config.cache.adapter,
    mode: config.mode,
    hasRedis: config.redis !== undefined,
    hasDatabase: config.databaseUrl !== undefined,
    hasFolder: config.dataDir !== undefined,
  });
  if (selection.adapter !== 'embedded') return { cache: selection };
  const folder = embeddedFolder(config);
  const where =
    folder === undefined ? `its data is kept in memory, ${whyMemory(config)}` : `its data is in ${folder}`;
  return { cache: { ...selection, because: `${selection.because}; ${where}` } };
}

/** The folder of the embedded Postgres; undefined: in memory. Tests leave nothing behind, and must not meet the data of development. */
export function embeddedFolder({ mode, dataDir }: ParleyConfig): string | undefined {
  return mode === 'test' ? undefined : dataDir;
}

function whyMemory({ mode }: ParleyConfig): string {
  return mode === 'test' ? 'as tests keep nothing' : 'as DATA_DIR is not set';
}
