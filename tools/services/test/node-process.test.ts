import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startNode } from '../src/node-process.ts';
import { until } from '../src/until.ts';

const script = new URL('faults/programs/tell-time.ts', import.meta.url);

test('a program says what it has to say, and ends with its code', async () => {
  await using node = await startNode({ script, args: ['50'] });
  expect(await node.wait()).toEqual({ code: 0, signal: null });
  expect(JSON.parse(await node.output())).toHaveProperty('monotonic');
});

test('its folder stays when it is killed or told to end, and goes with stop', async () => {
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const node = await startNode({ script, args: ['60000'] });
    await until(() => existsSync(`/proc/${node.pid}`), { what: 'it runs' });
    await (signal === 'SIGKILL' ? node.kill() : node.end(signal, 5_000));
    expect(await node.exited).toEqual({ code: null, signal });
    expect(existsSync(node.folder)).toBe(true);
    await node.stop();
    expect(existsSync(node.folder)).toBe(false);
  }
});
