import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parley } from '@parley/cli';
import { expect, it } from 'vitest';

it('a line is run by a program, in a world of its own', async () => {
  // #region embed
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await parley(['hub', 'status', '--json'], {
    env: { PARLEY_URL: 'http://127.0.0.1:2' },
    stdin: Readable.from([]),
    stdout,
    stderr,
    fetch,
    onInterrupt: () => () => undefined,
  });
  stdout.end();
  const status: unknown = JSON.parse(await text(stdout));
  // #endregion embed
  expect(exitCode).toBe(4);
  expect(status).toMatchObject({ url: 'http://127.0.0.1:2', alive: false, ready: false });
});
