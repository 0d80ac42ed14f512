import type { Hub } from '@parley/hub-client';

const atOnce = 3;
const waiting = new Map<string, Hub>();
let running = 0;

/** Reads who is in a conversation, a few at once. What fails is asked for again when somebody looks the next time. */
export function loadCompany(hub: Hub, channelId: string): void {
  waiting.set(channelId, hub);
  while (running < atOnce && waiting.size > 0) void next();
}

async function next(): Promise<void> {
  running += 1;
  try {
    for (const [channelId, hub] of waiting) {
      waiting.delete(channelId);
      await hub.loadMembers(channelId).catch(() => {});
    }
  } finally {
    running -= 1;
  }
}
