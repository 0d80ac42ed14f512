import type { Cache } from '@parley/cache-core';
import { createLru, systemClock, type Clock, type Logger } from '@parley/cache-core/kernel';
import type { ApplicationTables } from '@parley/runtime';
import { createFiles } from '../files/create-files.ts';
import type { FileParts } from '../files/file-core.ts';
import type { Feed } from '../live/feed.ts';
import { Appender } from '../log/appender.ts';
import { Turns } from '../log/turns.ts';
import { messageOf } from '../log/new-message.ts';
import { createSearch, type SearchOptions } from '../search/search.ts';
import { entryOf } from './change.ts';
import { createChannels } from './channels.ts';
import type { Chat } from './chat.ts';
import type { ChatCore } from './core.ts';
import {
  appendToMessage,
  deleteMessage,
  editMessage,
  finishMessage,
  hideChannel,
  readEdits,
} from './editing.ts';
import { createEvents } from './events.ts';
import { follow } from './following.ts';
import { createLogs } from './logs.ts';
import { admit, look } from './look.ts';
import { readPage, readThread } from './pages.ts';
import { createNotifications } from './notifications.ts';
import { pin, readPins } from './pins.ts';
import { readPlace } from './places.ts';
import { react } from './reactions.ts';
import { createReadings } from './readings.ts';
import { sendMessage, sendMessages } from './send.ts';
import { createImports } from '../transfer/imports.ts';
import { Retention } from '../retention/retention.ts';
import { retentionRules } from '../retention/rules.ts';
import { StreamWatch, type StreamWatchOptions } from './stream-watch.ts';
import { Streams } from './streams.ts';
import { readTurn } from './turns.ts';
import { messageView, must, threadViews } from './views.ts';

export interface ChatOptions {
  readonly tables: ApplicationTables;
  readonly cache: Cache;
  readonly feed: Feed;
  readonly epoch: () => string;
  /** @default one epoch for ever */
  readonly confirmEpoch?: ((epoch: string) => Promise<void>) | undefined;
  readonly logger: Logger;
  readonly clock?: Clock | undefined;
  readonly streams?: StreamWatchOptions | undefined;
  readonly search?: SearchOptions | undefined;
  /** @default no files are kept */
  readonly files?: FileParts | undefined;
}

export function createChat({
  logger,
  clock = systemClock,
  confirmEpoch,
  streams,
  search,
  files,
  ...rest
}: ChatOptions): Chat {
  const core: ChatCore = {
    ...rest,
    clock,
    confirmEpoch: confirmEpoch ?? (() => Promise.resolve()),
    threads: createLru({ maxEntries: 10_000 }),
    streams: new Streams(clock),
    turns: new Turns({ clock, connections: rest.tables.db.maxConnections }),
  };
  const appender = createAppender(core, logger);
  const append = appender.append.bind(appender);
  return {
    channels: createChannels(core),
    readings: createReadings(core),
    notifications: createNotifications(core),
    events: createEvents(core),
    logs: createLogs(core),
    streams: new StreamWatch(core, logger, streams),
    search: createSearch(core, search),
    files: createFiles(core, files),
    imports: createImports(core),
    retention: (days) => retentionRules(core, days),
    forgetting: (options) => new Retention({ ...options, core }),
    messages: {
      page: (caller, channelId, request) => readPage(core, caller, channelId, request),
      send: (caller, channelId, draft, call) => sendMessage(core, append, caller, channelId, draft, call),
      sendAll: (caller, channelId, drafts, call) =>
        sendMessages(core, append, caller, channelId, drafts, call),
      mayType: async (caller, channelId, call) =>
        admit(await look(core.tables, caller, channelId, call), 'message.send'),
      async read(caller, messageId, call) {
        const { channelId } = await readPlace(core.tables, messageId, call);
        admit(await hideChannel(look(core.tables, caller, channelId, call), messageId), 'channel.read');
        return must(await messageView(core.tables, messageId, call), 'a message');
      },
      edit: (caller, messageId, content, call) => editMessage(core, caller, messageId, content, call),
      append: (caller, messageId, offset, text, call) =>
        appendToMessage(core, caller, messageId, { offset, text }, call),
      finish: (caller, messageId, end, call) => finishMessage(core, caller, messageId, end, call),
      delete: (caller, messageId, call) => deleteMessage(core, caller, messageId, call),
      edits: (caller, messageId, call) => readEdits(core, caller, messageId, call),
      react: (caller, messageId, emoji, present, call) =>
        react(core, caller, messageId, { emoji, present }, call),
      pin: (caller, messageId, pinned, call) => pin(core, caller, messageId, pinned, call),
      pins: (caller, channelId, call) => readPins(core, caller, channelId, call),
      thread: (caller, messageId, request) => readThread(core, caller, messageId, request),
      turn: (caller, channelId, turnId, request) => readTurn(core, caller, channelId, turnId, request),
      follow: (caller, messageId, following, call) => follow(core, caller, messageId, following, call),
    },
  };
}

function createAppender(core: ChatCore, logger: Logger): Appender {
  const { tables, feed, turns } = core;
  return new Appender({
    turns,
    db: tables.db,
    statement: tables.statement('log_append'),
    fullStatement: tables.statement('log_append_full'),
    manyStatement: tables.statement('log_append_many'),
    // While one is being committed the next one is gathered and sent; more of them would only be smaller.
    atOnce: Math.min(2, tables.db.maxConnections),
    // Where there is one connection, each commit waits for the one before as it is.
    everyMs: tables.db.maxConnections > 1 ? 4 : 0,
    clock: core.clock,
    async onAdded(channelId, added) {
      try {
        const roots = added.flatMap(({ message }) => message.threadId ?? []);
        const threads = roots.length === 0 ? undefined : await threadViews(tables, [...new Set(roots)]);
        const entries = added.map(({ message, placed }) => {
          const { threadId, senderId } = message;
          const told = messageOf(message, placed);
          const thread = threadId === undefined ? undefined : threads?.get(threadId);
          const event =
            threadId === undefined
              ? ({ type: 'channel.message', channelId, message: told } as const)
              : ({
                  type: 'thread.message',
                  channelId,
                  threadId,
                  thread: must(thread, 'a thread'),
                  message: told,
                } as const);
          return entryOf(event, senderId, placed.seq, placed.at);
        });
        feed.committed(channelId, entries);
      } catch (error) {
        // It is committed: whoever is not told reads it from the log.
        logger.warn({ error, channelId }, 'What was added to a channel could not be told at once');
      }
    },
  });
}
