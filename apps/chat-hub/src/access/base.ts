import type { Clock, Logger } from '@parley/cache-core/kernel';
import type { ApplicationTables } from '@parley/runtime';
import type { Channels } from '../chat/chat.ts';
import type { HubLimits } from '../limits/hub-limits.ts';
import type { Feed } from '../live/feed.ts';
import type { Founding } from './founding.ts';
import type { Sessions } from './sessions.ts';

/** What identity is built on. */
export interface AccessBase {
  readonly tables: ApplicationTables;
  readonly sessions: Sessions;
  readonly limits: Pick<HubLimits, 'password' | 'rightPassword' | 'setupCode'>;
  readonly feed: Pick<Feed, 'moment' | 'accessChanged'>;
  readonly channels: Pick<Channels, 'settleIn' | 'leaveAll'>;
  readonly founding: Pick<Founding, 'isOwned'>;
  readonly logger: Logger;
  readonly clock: Clock;
}

export interface Call {
  readonly signal?: AbortSignal | undefined;
}
