import type { Bus } from '@parley/bus';
import {
  createInstanceId,
  systemClock,
  withDeadline,
  type Health,
  type Logger,
} from '@parley/cache-core/kernel';
import {
  openParley,
  readConfig,
  selectAdapters,
  type ApplicationTables,
  type ParleyWithDatabase,
} from '@parley/runtime';
import { AuditLog } from './audit/audit-log.ts';
import { createAccess, type Access } from './access/access.ts';
import { Founding } from './access/founding.ts';
import { Sessions } from './access/sessions.ts';
import type { SetupCode } from './access/setup-codes.ts';
import { openBackground, type Background, type BackgroundOptions } from './background.ts';
import type { Chat } from './chat/chat.ts';
import { createChat } from './chat/create-chat.ts';
import type { StreamWatchOptions } from './chat/stream-watch.ts';
import type { HubConfig } from './config.ts';
import { openBackups } from './backup/open-backups.ts';
import { sqlFolder } from './database/sql-folder.ts';
import type { BlobStore } from './files/blobs/blob-store.ts';
import { collectRegularly } from './files/collect-regularly.ts';
import { openFiles } from './files/open-files.ts';
import { clientAddress } from './http/client-address.ts';
import { isOwnOrigin } from './http/origin.ts';
import { createServer, type HubServer } from './http/server.ts';
import { shownHost } from './program/shown-host.ts';
import type { HubLimits } from './limits/hub-limits.ts';
import { openLimits } from './limits/open-limits.ts';
import { createFeed } from './live/create-feed.ts';
import { epochOf, LogEpoch } from './live/epoch.ts';
import { Wire } from './live/wire.ts';
import { countEntries } from './metrics/count-entries.ts';
import { deliveryMetrics } from './metrics/delivery-metrics.ts';
import { hubMetrics } from './metrics/hub-metrics.ts';
import { Metrics } from './metrics/metrics.ts';
import { openPresence, presenceOptions, type HubPresence } from './presence/hub-presence.ts';
import { openNodes } from './presence/nodes.ts';
import { hubVersion } from './version.ts';
import { IncomingWebhooks } from './webhooks/incoming.ts';
import { OutgoingWebhooks } from './webhooks/outgoing.ts';
import { openSockets, type OpenSockets } from './socket/open-sockets.ts';
import type { SocketBounds } from './socket/services.ts';

export interface HubOptions extends BackgroundOptions {
  readonly logger: Logger;
  /** Hears of the code that takes the place of one that ran out before somebody became the owner by it. @default there is none */
  readonly onSetupCode?: ((setup: SetupCode) => void) | undefined;
  /** A part of its own in the database and in Redis, by name. @default as the mode says */
  readonly isolation?: string | undefined;
  /** Puts something between the hub and its bus. */
  readonly wrapBus?: ((bus: LiveBus) => LiveBus) | undefined;
  /** Puts something between the hub and where its files are. */
  readonly wrapBlobs?: ((blobs: BlobStore) => BlobStore) | undefined;
  readonly bounds?: SocketBounds | undefined;
  readonly streams?: StreamWatchOptions | undefined;
  /** How long a request may take. @default 10,000 */
  readonly requestLimitMs?: number | undefined;
  /** How long a limit waits for its store. @default 300, less than anybody notices */
  readonly limitsWithinMs?: number | undefined;
}

type LiveBus = Pick<Bus, 'publish' | 'subscribe'>;

/** A node of the hub, ready to listen. */
export interface Hub extends Pick<Background, 'sealer' | 'commands' | 'dispatcher' | 'retention'> {
  readonly parley: ParleyWithDatabase;
  readonly tables: ApplicationTables;
  readonly access: Access;
  readonly chat: Chat;
  readonly limits: HubLimits;
  readonly presence: HubPresence;
  readonly sockets: OpenSockets;
  readonly server: HubServer;
  readonly metrics: Metrics;
  readonly founding: Founding;
  /** By which somebody becomes the owner, from the start on; undefined: somebody was. */
  readonly setup: SetupCode | undefined;
  /** Answers where it listens. */
  readonly listen: () => Promise<string>;
  /** Takes nobody new, sends those who are there to other nodes, ends what is under way and closes, all of it in bounded time. */
  readonly close: () => Promise<void>;
}

/** Half a minute is what most who run programs wait before they kill one. */
const drainMs = 12_000;
const requestsMs = 5_000;
const leaveMs = 2_500;
/** Writing millions of messages anew takes minutes, and a hub whose tables cannot be brought up does not start. */
const migrationMs = 3_600_000;

/** Opens everything that a node is made of, in order, and introduces the parts to each other. */
export async function openHub(config: HubConfig, options: HubOptions): Promise<Hub> {
  const { logger, isolation } = options;
  const { adapter } = selectAdapters(readConfig(config.environment)).cache;
  // What is in this process comes, however slow the machine is: nobody need be told that it is not there yet.
  const startLimit = adapter === 'embedded' ? '2m' : undefined;
  const parley = await openParley(config.environment, {
    logger,
    database: true,
    isolation,
    startLimit,
    chat: true,
    presence: presenceOptions,
  });
  try {
    return await compose(config, options, parley);
  } catch (error) {
    await parley.close().catch((failure: unknown) => logger.warn({ error: failure }, 'Closing failed'));
    throw error;
  }
}

async function compose(config: HubConfig, options: HubOptions, parley: ParleyWithDatabase): Promise<Hub> {
  const { logger, bounds, requestLimitMs, limitsWithinMs, wrapBus = (bus) => bus } = options;
  const { cache } = parley;
  const clock = systemClock;
  const tables = parley.tables('hub', sqlFolder);
  await tables.migrate({ statementMs: migrationMs });
  const founding = await Founding.open({ tables, clock, logger, onCode: options.onSetupCode });
  const setup = founding.code;

  const epoch = await LogEpoch.open(epochOf(tables), clock);
  const others = hasOtherNodes(parley);
  const wire = new Wire({ bus: others ? wrapBus(parley.bus) : undefined, clock });
  const metrics = new Metrics();
  const current = (): string => epoch.current;
  const confirmEpoch = (known: string): Promise<void> => epoch.confirm(known);
  const doubtful = (): boolean => !epoch.certain;
  const presence = openPresence({
    presence: parley.presence,
    profile: (userId) => access.users.read(userId),
    clock,
  });
  const nodeId = createInstanceId();
  const nodes = others ? openNodes(parley.presence, nodeId).count : undefined;
  const limits = await openLimits({ parley, settings: config.limits, nodes, withinMs: limitsWithinMs });
  const feed = countEntries(
    createFeed({ wire, epoch: current, confirm: confirmEpoch, doubtful, clock }),
    metrics,
    presence.typists,
  );
  const { streams = { silentMs: config.streamSilentMs } } = options;
  const files = await openFiles(config.files, { tables, logger, wrap: options.wrapBlobs });
  const chat = createChat({
    tables,
    cache,
    feed,
    epoch: current,
    confirmEpoch,
    logger,
    clock,
    streams,
    files,
  });
  chat.streams.start();
  const endCollecting = collectRegularly(chat.files, { logger, clock });
  const access = createAccess({
    tables,
    sessions: new Sessions(parley.database),
    limits,
    feed,
    channels: chat.channels,
    founding,
    logger,
    clock,
  });
  const background = await openBackground({
    parley,
    tables,
    chat,
    limits,
    feed,
    timeouts: access.timeouts,
    config,
    options,
    clock,
    logger,
  });
  const { sealer, commands, dispatcher, retention } = background;
  const sockets = openSockets({
    nodeId,
    chat,
    presence,
    limits,
    feed,
    wire,
    epoch,
    tables,
    identity: access,
    logger,
    bounds,
    clock,
    ownOrigin: ({ headers }) => isOwnOrigin(headers, config.publicOrigin),
    addressOf: clientAddress(config.trustProxy),
    onDelivered: deliveryMetrics(metrics),
  });
  const endMetrics = hubMetrics(metrics, {
    nodeId,
    parley,
    sockets,
    files: chat.files,
    presence,
    limits,
    sealer,
  });
  let draining = false;
  const server = createServer({
    config,
    access,
    audit: new AuditLog(tables),
    tables,
    backups: openBackups(parley, { tables, files, version: hubVersion(), clock, logger }),
    imports: chat.imports,
    retention: chat.retention(config.retentionDays),
    webhooks: {
      incoming: new IncomingWebhooks({ tables, messages: chat.messages, limits }),
      outgoing: new OutgoingWebhooks(tables),
    },
    commands,
    chat,
    presence,
    limits,
    feed,
    metrics,
    logger,
    requestLimitMs,
    health: (): Promise<Health> => parley.health(),
    isDraining: () => draining,
    version: hubVersion(),
  });
  sockets.attach(server.server);

  const within = async (what: string, ms: number, work: () => PromiseLike<unknown> | void): Promise<void> => {
    await withDeadline(ms, async () => work(), { clock, what }).catch((error: unknown) =>
      logger.warn({ error }, `${what} failed`),
    );
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    draining = true;
    await within('Sending sockets to other nodes', drainMs + 1_000, () => sockets.drain(drainMs));
    // Those who were sent away are taken to be here until they are at another node, where there can be one.
    const back = others ? presence.here.rest() : Promise.resolve();
    await within('Ending requests', requestsMs, () => server.close());
    server.server.closeAllConnections();
    sockets.close();
    endMetrics();
    await Promise.all([
      within('Removing files', 2_000, endCollecting),
      within('Ending uploads', 2_000, () => chat.files.close()),
      within('Ending what is done in the background', 2_000, () => background.close(1_500)),
      within('Writing when tokens were used', 2_000, () => access.close()),
    ]);
    await back;
    await within('Noting what is streamed', 2_000, () => chat.streams.close());
    await within('Leaving', 2 * leaveMs, () => presence.close(leaveMs));
    limits.close();
    wire.close();
    await parley.close();
  };
  return {
    parley,
    tables,
    access,
    chat,
    sealer,
    commands,
    dispatcher,
    retention,
    limits,
    presence,
    sockets,
    server,
    metrics,
    founding,
    setup,
    async listen() {
      await server.listen({ host: config.host, port: config.port });
      const address = server.server.address();
      const port = typeof address === 'object' && address !== null ? address.port : config.port;
      return `http://${shownHost(config.host)}:${port}`;
    },
    close: () => (closing ??= close()),
  };
}

/** What is kept in this process alone is kept from all others. */
function hasOtherNodes({ selection }: ParleyWithDatabase): boolean {
  const { cache, presence } = selection;
  return [cache, presence].some(({ adapter }) => adapter === 'postgres' || adapter === 'redis');
}
