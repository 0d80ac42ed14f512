// Another process: begins a job, says so, and ends it when it was stopped and goes on.
import { openParley } from '@parley/runtime';
import { mails } from '../support/topics.ts';

const parley = await openParley(process.env, { isolation: process.env['ISOLATION'] ?? '' });
const goesOn = new Promise((resolve) => process.once('SIGCONT', resolve));
const begin = async (data: string): Promise<void> => {
  process.stdout.write(`began ${data}\n`);
  await goesOn;
  process.stdout.write(`ended ${data}\n`);
};
parley.bus.work(mails, ({ data }) => begin(data), { lease: '1s', concurrency: 1 });
setInterval(() => undefined, 1_000);
