import { parseDuration, requireInteger, throwIfAborted, withDeadline } from '@parley/cache-core/kernel';
import type { Abortable, Duration } from '@parley/cache-core/kernel';
import type { ReadRequest, StreamPage } from './broker.ts';
import { nameOf, type BusCore } from './core.ts';
import { Unreadable } from './envelope.ts';
import type { Message } from './message.ts';
import type { Position } from './position.ts';
import { mainChannel, requireChannel } from './subscription.ts';
import type { AnyTopic } from './topic.ts';

export interface PositionOptions extends Abortable {
  /** @default 'main' */
  readonly channel?: string | undefined;
  /** @default '5s' */
  readonly within?: Duration | undefined;
}

export interface HistoryOptions extends PositionOptions {
  /** @default from the oldest that is kept */
  readonly after?: Position | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

/** A part of a channel's log. */
export interface History<Data> {
  /** Messages that cannot be read are left out. */
  readonly messages: readonly Message<Data>[];
  /** To go on behind the last of them. */
  readonly next: Position;
  /** Where the log stands. */
  readonly top: Position;
  /** Whether messages between `after` and the first of these are gone, or cannot be known to be there. */
  readonly gap: boolean;
}

export async function readHistory(
  core: BusCore,
  topic: AnyTopic,
  options: HistoryOptions,
): Promise<History<unknown>> {
  const { after } = options;
  const limit = requireInteger('limit', options.limit ?? 100, 1, 10_000);
  const channel = requireChannel(options.channel ?? mainChannel);
  const page = await ask(core, options, { channel: nameOf(topic.name, channel), after, limit });
  const { epoch, top, oldest, records } = page;
  const decoded = records.map((record) => core.decoder.record(topic, channel, epoch, record));
  const known = after?.epoch === epoch;
  const last = records.at(-1)?.offset ?? Math.max(known ? Math.min(after.offset, top) : 0, oldest - 1);
  return {
    messages: decoded.flatMap((one) => (one instanceof Unreadable ? [] : one)),
    next: { epoch, offset: last },
    top: { epoch, offset: top },
    gap: after !== undefined && (!known || after.offset + 1 < oldest || after.offset > top),
  };
}

export async function readPosition(
  core: BusCore,
  topic: AnyTopic,
  options: PositionOptions,
): Promise<Position> {
  const name = nameOf(topic.name, requireChannel(options.channel ?? mainChannel));
  const { epoch, top } = await ask(core, options, { channel: name, after: undefined, limit: 0 });
  return { epoch, offset: top };
}

function ask(
  core: BusCore,
  { signal, within = '5s' }: PositionOptions,
  request: ReadRequest,
): Promise<StreamPage> {
  throwIfAborted(signal);
  const limitMs = parseDuration(within, { field: 'within', min: 1 });
  return withDeadline(limitMs, () => core.read(request), {
    clock: core.clock,
    signal,
    what: 'reading the history',
  });
}
