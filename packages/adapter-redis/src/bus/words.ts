import type { FeedListener, StoredRecord } from '@parley/bus';

/**
 * What is said on the channels of the bus; text behind the letter that says what it is:
 *
 *     R<epoch> <first offset> <time> <channel>NUL<id> <body>NUL<id> <body>...   records
 *     A<epoch> <offset> <time> <channel>                                        the log has come this far
 *     S<channel>NUL<body>                                                       a signal
 *     W<ms>,<ms>... <queue>                                                     jobs are due after so long
 *     P<history> <token>                                                        a probe
 *
 * Bodies have no NUL, ids no space and names no control character. What is not of this form was said by somebody else, and is not heard.
 */
export const signalOf = (channel: string, body: string): string => `S${channel}\0${body}`;

export function tellRecords(text: string, tell: FeedListener['records']): void {
  const [about = '', ...parts] = text.split('\0');
  const place = readPlace(about);
  if (place === undefined || parts.length === 0) return;
  const { epoch, offset, at, channel } = place;
  const records = parts.map((part, i): StoredRecord => ({ offset: offset + i, at, ...splitRecord(part) }));
  tell(channel, epoch, records);
}

export function tellAdvance(text: string, tell: FeedListener['advanced']): void {
  const place = readPlace(text);
  if (place !== undefined) tell(place.channel, { epoch: place.epoch, offset: place.offset });
}

export function tellSignal(text: string, kind: 'channel' | 'topic', tell: FeedListener['signal']): void {
  const end = text.indexOf('\0');
  if (end > 0) tell(kind, text.slice(1, end), text.slice(end + 1));
}

export function readWork(
  text: string,
): { readonly queue: string; readonly afterMs: readonly number[] } | undefined {
  const [, delays = '', queue] = /^W([\d,]+) ([^]+)$/.exec(text) ?? [];
  return queue === undefined ? undefined : { queue, afterMs: delays.split(',').map(Number) };
}

export function readProbe(text: string): { readonly history: string; readonly token: string } | undefined {
  const [, history, token] = /^P(\S+) (\S+)$/.exec(text) ?? [];
  return history === undefined || token === undefined ? undefined : { history, token };
}

/** A record as it is in a stream and in a message. */
export const joinRecord = ({ id, body }: { readonly id: string; readonly body: string }): string =>
  `${id} ${body}`;

export function splitRecord(text: string): { id: string; body: string } {
  const end = text.indexOf(' ');
  return { id: text.slice(0, end), body: text.slice(end + 1) };
}

interface Place {
  readonly epoch: string;
  readonly offset: number;
  readonly at: number;
  readonly channel: string;
}

function readPlace(about: string): Place | undefined {
  const [, epoch, offset, at, channel] = /^.(\S+) (\d+) (\d+) (.+)$/.exec(about) ?? [];
  if (epoch === undefined || channel === undefined) return undefined;
  return { epoch, offset: Number(offset), at: Number(at), channel };
}
