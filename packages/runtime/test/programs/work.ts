// Another process: begins a job, says so, and never ends it, or says when it has, after as many ms as its environment says.
import { openParley } from '@parley/runtime';
import { mails } from '../support/topics.ts';

const parley = await openParley(process.env, { isolation: process.env['ISOLATION'] ?? '' });
const ms = process.env['ENDS_AFTER_MS'];
const begin = async (data: string): Promise<void> => {
  process.stdout.write(`began ${data}\n`);
  await new Promise((resolve) => ms !== undefined && setTimeout(resolve, Number(ms)));
  process.stdout.write(`ended ${data}\n`);
};
parley.bus.work(mails, ({ data }) => begin(data), { lease: '1s', concurrency: 1 });
setInterval(() => undefined, 1_000);
