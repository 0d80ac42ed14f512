import { openPresence } from './open.ts';
import type { Place } from './open.ts';

export interface CrowdSetup {
  readonly place: Place;
  readonly channel: string;
  readonly members: number;
}

const { place, channel, members }: CrowdSetup = JSON.parse(process.argv[2] ?? '{}');
const { presence } = await openPresence(place);
await Promise.all(
  Array.from({ length: members }, (_, i) => presence.connect({ user: `member-${i}` }).join(channel)),
);
process.on('disconnect', () => process.exit(0));
process.send?.('here');
