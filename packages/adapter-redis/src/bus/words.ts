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

/** @param isKnown of their epoch and the first of them; then the rest is not looked at */
export function tellRecords(
  text: string,
  tell: FeedListener['records'],
  isKnown: (epoch: string, first: number) => boolean = () => false,
): void {
  const end = text.indexOf('\0');
  const place = end < 0 ? undefined : readPlace(text.slice(0, end));
  if (place === undefined) return;
  const { epoch, offset, at, channel } = place;
  if (isKnown(epoch, offset)) return;
  const records: StoredRecord[] = [];
  for (let from = end; from >= 0;) {
    const next = text.indexOf('\0', from + 1);
    const { id, body } = splitRecord(text.slice(from + 1, next < 0 ? undefined : next));
    records.push({ offset: offset + records.length, at, id, body });
    from = next;
  }
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

/** Cut by hand, as it is read for every message. */
function readPlace(about: string): Place | undefined {
  const first = about.indexOf(' ');
  const second = about.indexOf(' ', first + 1);
  const third = about.indexOf(' ', second + 1);
  const offset = Number(about.slice(first + 1, second));
  const at = Number(about.slice(second + 1, third));
  if (first < 2 || second < first || third < second) return undefined;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(at)) return undefined;
  return { epoch: about.slice(1, first), offset, at, channel: about.slice(third + 1) };
}
