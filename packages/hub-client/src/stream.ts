import type { ClientFrame, Message } from '@parley/hub-protocol';
import type { RouteBody } from '@parley/hub-protocol/rest';
import type { CallRoute } from './rest.ts';

/** A message whose text comes bit by bit. */
export interface MessageStream {
  readonly clientId: string;
  /** The message as it began, once it is in the log. */
  readonly message: Promise<Message>;
  /** More text. Those who look on see it at once, and whoever missed some has all of it with the end. */
  append(text: string): void;
  /** The end, with all of the text that was appended, or with another. Resolves when it is in the log. */
  finish(end?: Partial<RouteBody<'finishMessage'>>): Promise<Message>;
}

export interface StreamOptions {
  readonly channelId: string;
  readonly clientId: string;
  readonly message: Promise<Message>;
  readonly call: CallRoute;
  readonly send: (frame: ClientFrame) => boolean;
  /** Characters that go at once. */
  readonly most: () => number;
  readonly onFinished: (message: Message, seq: number) => void;
}

export function openStream({
  channelId,
  clientId,
  message,
  call,
  send,
  most,
  onFinished,
}: StreamOptions): MessageStream {
  let text = '';
  /** In characters, as the protocol counts. */
  let sent = 0;
  let waiting: string[] = [];
  let messageId: string | undefined;

  function flush(): void {
    if (messageId === undefined) return;
    while (waiting.length > 0) {
      const part = waiting.slice(0, Math.max(1, most()));
      // What is lost with a connection comes with the end: it is not sent again.
      send({ type: 'append', channelId, messageId, offset: sent, text: part.join('') });
      sent += part.length;
      waiting = waiting.slice(part.length);
    }
  }

  const begun = message.then((message) => {
    messageId = message.id;
    sent = Array.from(message.content).length;
    text = message.content + text;
    flush();
    return message;
  });
  // Told by `message` itself and by `finish`.
  begun.catch(() => undefined);

  return {
    clientId,
    message,
    append: (more) => {
      text += more;
      for (const character of more) waiting.push(character);
      flush();
    },
    finish: async (end = {}) => {
      const { id } = await begun;
      const params = { channelId, messageId: id };
      const finished = await call('finishMessage', { params, body: { content: text, ...end } });
      onFinished(finished.message, finished.seq);
      return finished.message;
    },
  };
}
