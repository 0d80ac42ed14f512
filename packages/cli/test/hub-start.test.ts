import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '@parley/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { patience, Place } from './support/hub.ts';
import { onTerminal } from './support/terminal.ts';

let place: Place;
beforeAll(async () => {
  place = await Place.make();
});
afterAll(() => place.close(), 60_000);

/** Whether a process is there and no zombie. */
function lives(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

it(
  'says for programs that it is ready, hands no token of its user on, and ends in order by a signal',
  patience,
  async () => {
    const { url, setupCode, pid, process } = await place.startHub();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(setupCode).toMatch(/^\w{4}-\w{4}-\w{4}$/);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toMatch(/PARLEY_(TOKEN|URL)/);
    process.kill('SIGTERM');
    expect(await process.ended).toMatchObject({ code: 0 });
    expect(lives(pid)).toBe(false);
  },
);

it('takes its hub along, also when it is killed', patience, async () => {
  const { pid, process } = await place.startHub();
  process.kill('SIGKILL');
  await process.ended;
  await until(() => !lives(pid), { what: 'the hub has ended as well', deadline: 60_000 });
});

it(
  'ends with 2 when its configuration cannot be used, and with 1 when it cannot start',
  patience,
  async () => {
    const wrong = place.start(['hub', 'start', '--port', 'x', '--data', join(place.folder, 'wrong')]);
    expect(await wrong.ended).toMatchObject({
      code: 2,
      err: expect.stringContaining('HUB_PORT ("x") must be'),
    });
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const taken = place.start(['hub', 'start', '--port', port, '--data', join(place.folder, 'taken')]);
    expect(await taken.ended).toMatchObject({ code: 1, err: expect.stringContaining('port') });
    await new Promise((resolve) => void other.close(resolve));
  },
);

it('on a terminal says what people need, and Ctrl+C ends it in order', patience, async () => {
  const terminal = onTerminal(['hub', 'start', '--port', '0', '--data', join(place.folder, 'seen')], {
    HUB_LOG_LEVEL: 'silent',
  });
  await terminal.type('\u0003', '#setup=');
  expect(await terminal.ended).toBe(0);
});
