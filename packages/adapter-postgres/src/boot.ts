import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import type { Database } from './database.ts';

/** What tells a database from what it was before, beyond what the server knows of itself. */
export async function bootOf({ kind }: Database): Promise<string | null> {
  return kind === 'pglite' ? machineBoot() : null;
}

/**
 * Names the present run of this machine. An embedded database is not flushed to disk: what it had acknowledged survives the process, but may
 * be lost with the machine.
 */
async function machineBoot(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  if (id !== '') return id.trim();
  // To the quarter of an hour: clocks are set. Where that hits a border, another epoch begins without need.
  return String(Math.round((Date.now() / 1000 - uptime()) / 900));
}
