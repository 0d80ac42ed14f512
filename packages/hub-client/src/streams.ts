import { systemClock, type Clock, type Timer } from '@parley/cache-core/kernel';
import type { Message } from '@parley/hub-protocol';
import type { RouteBody } from '@parley/hub-protocol/rest';
import type { Hub, SendDraft } from './hub.ts';

/** A message whose text comes bit by bit. */
export interface MessageStream {
  readonly clientId: string;
  /** The message as it began, once it is in the log. */
  readonly message: Promise<Message>;
  /**
   * More text. Those who look on see it at once, and whoever missed some has all of it with the end. An empty one says no more than that
   * there is more to come, for another ten minutes.
   */
  append(text: string): void;
  /** The end, with all of the text that was appended, or with another. Resolves when it is in the log. */
  finish(end?: Partial<RouteBody<'finishMessage'>>): Promise<Message>;
}

export type StreamDraft = Partial<Omit<SendDraft, 'streaming'>>;

export interface StreamOptions {
  /** @default that of the system */
  readonly clock?: Clock | undefined;
}

/** Of what comes within it, one frame is made: models say more words in a second than a hub takes frames. */
const gatherMs = 100;

/** The hub takes an author of whom it hears nothing for half a minute for gone. */
const signMs = 10_000;

/** And so does whoever streams, when its program says nothing for so long: it may have lost its way. */
const silentMs = 600_000;

/** Begins a message whose text comes bit by bit. */
export function streamMessage(
  hub: Pick<Hub, 'send' | 'append' | 'call' | 'subscribe' | 'snapshot'>,
  channelId: string,
  draft: StreamDraft = {},
  { clock = systemClock }: StreamOptions = {},
): MessageStream {
  const { clientId, message } = hub.send(channelId, { content: '', ...draft, streaming: 'open' });
  /** By characters, as the protocol counts. */
  const text: string[] = [];
  let begun: Message | undefined;
  /** How many characters it began with, and how many are on their way. */
  let given = 0;
  let sent = 0;
  let saidAt = clock.monotonic();
  let connection = hub.snapshot().connection;
  let signing: Timer | undefined;
  let gathering: Timer | undefined;

  const flush = (): void => {
    if (begun === undefined) return;
    const { id } = begun;
    while (sent < text.length) {
      const taken = hub.append(channelId, id, sent, text.slice(sent).join(''));
      if (taken === 0) return;
      sent += taken;
    }
  };
  const gather = (): void => {
    if (gathering !== undefined) return;
    flush();
    gathering = clock.timer(gatherMs, () => {
      gathering = undefined;
      if (sent < text.length) gather();
    });
  };
  const sign = (): void => {
    if (begun !== undefined && clock.monotonic() - saidAt < silentMs)
      hub.append(channelId, begun.id, sent, '');
    signing = clock.timer(signMs, sign, { unref: true });
  };
  const stopHearing = hub.subscribe(() => {
    const now = hub.snapshot().connection;
    if (now === connection) return;
    connection = now;
    if (now.phase === 'closed') return end();
    if (now.phase !== 'live') return;
    // What was on its way may be lost, and the node of the new connection knows nothing of it.
    sent = given;
    flush();
  });
  const end = (): void => {
    signing?.cancel();
    gathering?.cancel();
    stopHearing();
  };

  const beginning = message.then((message) => {
    begun = message;
    const characters = Array.from(message.content);
    given = sent = characters.length;
    text.unshift(...characters);
    flush();
    signing = clock.timer(signMs, sign, { unref: true });
    return message;
  });
  // Told by `message` itself and by `finish`.
  beginning.catch(end);

  return {
    clientId,
    message,
    append(more) {
      saidAt = clock.monotonic();
      for (const character of more) text.push(character);
      gather();
    },
    async finish(body = {}) {
      const { id: messageId } = await beginning;
      const params = { channelId, messageId };
      const { message } = await hub.call('finishMessage', {
        params,
        body: { content: text.join(''), ...body },
      });
      end();
      return message;
    },
  };
}
