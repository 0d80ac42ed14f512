import type { VirtualClock } from '@parley/cache-core/kernel';
import type { Hub } from '@parley/hub-client';
import { FakeHub } from './fake-hub.ts';
import type { Room } from './room.ts';
import { clientOf } from './sockets.ts';
import { general } from './values.ts';

interface Live {
  readonly fake: FakeHub;
  readonly room: Room;
  readonly hub: Hub;
  readonly clock: VirtualClock;
}

/** A client that is connected, and a channel. */
export async function live(fake = new FakeHub()): Promise<Live> {
  const room = fake.room(general);
  const { hub, clock } = clientOf(fake);
  await clock.advance(1);
  return { fake, room, hub, clock };
}

export function seqsOf(hub: Hub, channelId: string): number[] {
  return (hub.snapshot().channels.get(channelId)?.messages ?? []).map(({ seq }) => seq);
}
