// Another process: begins a job, says so, and never ends it.
import { openParley } from '@parley/runtime';
import { mails } from '../support/topics.ts';

const parley = await openParley(process.env, { isolation: process.env['ISOLATION'] ?? '' });
const forever = new Promise(() => undefined);
const begin = (data: string): Promise<unknown> => {
  process.stdout.write(`began ${data}\n`);
  return forever;
};
parley.bus.work(mails, ({ data }) => begin(data), { lease: '1s', concurrency: 1 });
setInterval(() => undefined, 1_000);
