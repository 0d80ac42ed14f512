import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';

/**
 * Names the present run of this machine. An embedded database is not flushed to disk: what it had acknowledged survives the process, but may
 * be lost with the machine.
 */
export async function machineBoot(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  if (id !== '') return id.trim();
  // To the quarter of an hour: clocks are set. Where that hits a border, logs go on under another epoch without need.
  return String(Math.round((Date.now() / 1000 - uptime()) / 900));
}
