import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PortTakenError } from './errors.ts';

const LOWEST = 15_000;
const ATTEMPTS = 10;
const PORT_RETRY_MS = 3_000;
const PORT_POLL_MS = 50;

/**
 * Below the ports that the kernel hands to clients. Otherwise a client that keeps trying a dead server could be given that very port and
 * connect to itself, and a server that comes back could find its port in use.
 */
function highest(): number {
  try {
    const [first] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/);
    return Number(first) > LOWEST + 2_000 ? Number(first) : 60_000;
  } catch {
    return 49_152;
  }
}

const given = new Set<number>();

/** Of files that are tested side by side, each has ports of its own: two that start a server at the same moment never choose the same one. */
const lanes = 16;
const lane = Number(process.env['VITEST_POOL_ID'] ?? 0) % lanes;

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A port of 127.0.0.1 that is free now, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lane + lanes * randomInt(Math.ceil(LOWEST / lanes), Math.floor(highest() / lanes));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

/** Another process may take a port between the choice and the start: then choose again. */
export async function withFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return await start(port);
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === ATTEMPTS) throw error;
    }
  }
}

/** For a server that comes back: whoever took its port while it was away is given time to go. */
export async function whenPortIsFree<T>(start: () => Promise<T>): Promise<T> {
  const end = performance.now() + PORT_RETRY_MS;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof PortTakenError) || performance.now() > end) throw error;
    }
    await sleep(PORT_POLL_MS);
  }
}
