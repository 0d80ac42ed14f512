import { bareWatch } from './bare-told.ts';
import { machineMs } from './machine-clock.ts';
import { openPresence } from './open.ts';
import type { Place } from './open.ts';

export type What = 'status' | 'typing';

export interface WatcherSetup {
  readonly place: Place;
  readonly what: What;
  readonly by: 'ours' | 'floor';
}

const { place, what, by }: WatcherSetup = JSON.parse(process.argv[2] ?? '{}');
const seenAt = new Map<string, number>();
let asked: string | undefined;

/** Whichever comes last, the question or what it is about. */
function answer(): void {
  const at = asked === undefined ? undefined : seenAt.get(asked);
  if (asked === undefined || at === undefined) return;
  seenAt.delete(asked);
  asked = undefined;
  process.send?.(at);
}

function seen(name: string): void {
  seenAt.set(name, machineMs());
  answer();
}

async function watch(): Promise<void> {
  if (by === 'floor') {
    await bareWatch(place, seen);
    return;
  }
  const { presence } = await openPresence(place);
  if (what === 'status') {
    const members = presence.watch('general', (event) => {
      if (event.type === 'update' && event.member.text !== undefined) seen(event.member.text);
    });
    await members.ready();
    return;
  }
  let typing = new Set<string>();
  const typists = presence.typing.watch('general', ({ users }) => {
    for (const user of users) if (!typing.has(user)) seen(user);
    typing = new Set(users);
  });
  await typists.ready();
}

await watch();
process.on('message', (name: string) => {
  asked = name;
  answer();
});
process.on('disconnect', () => process.exit(0));
process.send?.(0);
