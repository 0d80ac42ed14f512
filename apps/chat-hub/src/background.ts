import type { Clock, Logger } from '@parley/cache-core/kernel';
import type { ApplicationTables, ParleyWithDatabase } from '@parley/runtime';
import type { Timeouts } from './access/timeouts.ts';
import { Sealer } from './audit/sealer.ts';
import type { Chat } from './chat/chat.ts';
import { Chore } from './chore.ts';
import type { CallingOptions } from './commands/calling.ts';
import { openCommands, type OpenCommands } from './commands/open-commands.ts';
import type { HubConfig } from './config.ts';
import type { HubLimits } from './limits/hub-limits.ts';
import type { Feed } from './live/feed.ts';
import type { Retention } from './retention/retention.ts';
import { hubVersion } from './version.ts';
import { Dispatcher, type DispatcherOptions } from './webhooks/dispatcher.ts';
import { Networks } from './webhooks/networks.ts';

export interface BackgroundOptions {
  /** How deliveries of webhooks are tried. */
  readonly webhooks?: Omit<Partial<DispatcherOptions>, 'tables' | 'networks' | 'clock' | 'version' | 'bus'>;
  /** How long commands may take to be answered. */
  readonly commands?: Pick<CallingOptions, 'answerMs' | 'openMs' | 'resolve'> | undefined;
}

interface Parts {
  readonly parley: ParleyWithDatabase;
  readonly tables: ApplicationTables;
  readonly chat: Pick<Chat, 'messages' | 'forgetting'>;
  readonly limits: Pick<HubLimits, 'act'>;
  readonly feed: Pick<Feed, 'moment'>;
  readonly timeouts: Pick<Timeouts, 'sweep'>;
  readonly config: Pick<HubConfig, 'webhookNetworks' | 'publicOrigin' | 'retentionDays'>;
  readonly options: BackgroundOptions;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Background {
  readonly sealer: Sealer;
  readonly commands: OpenCommands;
  readonly dispatcher: Dispatcher;
  readonly retention: Retention;
  /** What is under way may take so many milliseconds. */
  readonly close: (within: number) => Promise<void>;
}

/** How soon after it was done something is sealed, and after its end a time-out is gone from open connections. */
const choreMs = 1_000;
const sweepMs = 60_000;

/**
 * Opens what calls others, and what is done again and again, by every node. Sealing and retention read much to do little, so one node is at them at
 * a time, by a lock. The others are a statement or two, of which the rows decide who does what; whatever is added here must be safe without a lock,
 * since a lock may be lost.
 */
export async function openBackground(parts: Parts): Promise<Background> {
  const { parley, tables, chat, limits, feed, timeouts, config, options, clock, logger } = parts;
  const locks = await parley.locks();
  const sealer = new Sealer({ tables, locks });
  const networks = new Networks(config.webhookNetworks);
  const { publicOrigin } = config;
  const calling = { tables, networks, clock, version: hubVersion() };
  const commands = openCommands({
    ...calling,
    messages: chat.messages,
    limits,
    feed,
    publicOrigin,
    ...options.commands,
  });
  const dispatcher = new Dispatcher({ ...calling, bus: parley.bus, ...options.webhooks });
  const retention = chat.forgetting({ locks, clock, logger, days: config.retentionDays });
  const chore = (what: string, work: () => Promise<unknown>, everyMs = choreMs): Chore =>
    new Chore({ what, work, everyMs, clock, logger });
  const sweep = (): Promise<unknown> => Promise.all([dispatcher.sweep(), commands.calls.sweep()]);
  const chores = [
    chore('Sealing the audit log', () => sealer.seal()),
    chore('Telling webhooks', () => dispatcher.dispatch()),
    chore('Looking after deliveries and commands', sweep, sweepMs),
    chore('Deleting what is too old', () => retention.apply(), sweepMs),
    chore('Ending time-outs', () => timeouts.sweep()),
  ];
  return {
    sealer,
    commands,
    dispatcher,
    retention,
    async close(within) {
      await Promise.all([...chores.map((one) => one.close()), dispatcher.close(within)]);
    },
  };
}
