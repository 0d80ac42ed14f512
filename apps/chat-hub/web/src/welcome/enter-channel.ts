import type { Hub } from '@parley/hub-client';
import { go } from '../shell/place.ts';

const patienceMs = 5_000;

/** Goes to a channel that somebody has just come to, once the hub has told of it: before that, there is nothing to show. */
export async function enterChannel(hub: Hub, channelId: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (!hub.snapshot().channels.has(channelId)) return;
      clearTimeout(timer);
      stop();
      resolve();
    };
    const stop = hub.subscribe(look);
    const timer = setTimeout(() => {
      stop();
      resolve();
    }, patienceMs);
    look();
  });
  go({ view: 'channel', channelId });
}
