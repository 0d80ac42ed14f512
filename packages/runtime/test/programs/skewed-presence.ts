// Another process, whose clock is wrong: somebody is there, types, and has a status. It lives longer than a lease, and takes out what has ended.
import { setTimeout as sleep } from 'node:timers/promises';
import { openParley, type Environment } from '@parley/runtime';

const env: Environment = JSON.parse(process.argv[2] ?? '{}');
const user = process.argv[4] ?? '';
const { presence } = await openParley(env, { isolation: process.argv[3] ?? '' });
const watch = presence.watch('general', () => undefined);
await watch.ready();
await presence.setStatus(user, { text: 'wrong', expires: '1h' });
await presence.connect({ user }).join('general');
await presence.typing.start('general', { user });
// Longer than a lease, and than the time in which nobody is taken out.
while (presence.stats().beats < 5) await sleep(100);
const users = watch.current.members.map((member) => member.user).toSorted();
process.stdout.write(`${JSON.stringify({ now: Date.now(), users })}\n`);
