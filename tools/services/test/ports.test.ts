import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { PortTakenError } from '../src/errors.ts';
import { freePort, isFree, withFreePort } from '../src/ports.ts';

test('a port that is given is free, and below those that the kernel gives to clients', async () => {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '49152');
  const ports = await Promise.all(Array.from({ length: 20 }, freePort));
  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(Number.parseInt(range, 10));
  expect(await Promise.all(ports.map(isFree))).not.toContain(false);
});

test('a port in use is not free', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(await isFree(port)).toBe(false);
  server.close();
});

test('a port that was taken meanwhile is exchanged for another', async () => {
  const tried: number[] = [];
  const port = await withFreePort((candidate) => {
    tried.push(candidate);
    return tried.length < 3 ? Promise.reject(new PortTakenError(candidate)) : Promise.resolve(candidate);
  });
  expect(new Set(tried).size).toBe(3);
  expect(tried[2]).toBe(port);
});

test('another failure is told at once, and ten taken ports are enough', async () => {
  let starts = 0;
  const failing = (error: Error) => () => {
    starts++;
    return Promise.reject(error);
  };
  await expect(withFreePort(failing(new Error('broken')))).rejects.toThrow('broken');
  expect(starts).toBe(1);
  await expect(withFreePort(failing(new PortTakenError(1)))).rejects.toThrow(PortTakenError);
  expect(starts).toBe(11);
});
