import type { Clock } from '@parley/cache-core/kernel';
import type { Settings } from './config-check.ts';
import { endClient } from './ending.ts';
import { openSentinelWatch } from './roles.ts';

export interface SentinelWatch {
  close(limitMs: number): Promise<void>;
}

/**
 * Hears from the Sentinels when they have made another server the master. A connection to a master that hangs, or that lives on without
 * being the master any more, would notice nothing by itself.
 */
export function watchSentinels(settings: Settings, clock: Clock, onSwitch: () => void): SentinelWatch {
  const clients = settings.addresses.map((address) => {
    const client = openSentinelWatch(settings, address);
    // A Sentinel that is away is no news: it is tried again, and there are others.
    client.on('error', () => undefined);
    client.on('message', (_channel, message) => {
      // <name> <old address> <old port> <new address> <new port>; Sentinels may watch other masters too.
      if (message.split(' ', 1)[0] === settings.masterName) onSwitch();
    });
    client.subscribe('+switch-master').catch(() => undefined);
    return client;
  });
  return {
    async close(limitMs) {
      await Promise.all(clients.map((client) => endClient(client, clock, limitMs)));
    },
  };
}
