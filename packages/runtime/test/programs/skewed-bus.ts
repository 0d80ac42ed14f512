// Another process, whose clock is wrong: repeats a publication, adds a job for later, and answers questions until it is ended.
import { openParley, type Environment } from '@parley/runtime';
import { mails, notes, sums } from '../support/topics.ts';

const env: Environment = JSON.parse(process.argv[2] ?? '{}');
const { bus } = await openParley(env, { isolation: process.argv[3] ?? '' });
const responder = bus.respond(sums, ({ data }) => data + 1);
await responder.ready({ within: '30s' });
const { repeated, position } = await bus.publish(notes, 'of the other', { idempotencyKey: 'k' });
await bus.publish(mails, 'later', { delay: '1s' });
process.stdout.write(`${JSON.stringify({ now: Date.now(), repeated, offset: position?.offset })}\n`);
