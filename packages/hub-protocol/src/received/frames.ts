import type { ServerFrameOf, ServerFrameType } from '../frames/server-frames.ts';
import { goodbyeReasons, resumeStates, resyncReasons } from '../values/words.ts';
import { count, flag, list, object, optional, record, text, whole, word, type Reader } from './reader.ts';
import { agent, epoch, id, message, problem, roster } from './values.ts';

type Fields = {
  readonly [T in Exclude<ServerFrameType, 'event'>]: Reader<Omit<ServerFrameOf<T>, 'type'>>;
};

/** What each frame has besides its type. */
export const frameFields: Fields = {
  welcome: object({
    version: whole,
    epoch,
    userId: id,
    nodeId: text,
    heartbeat: whole,
    limits: object({
      content: whole,
      contentBytes: whole,
      append: whole,
      frameBytes: whole,
      framesPerMessage: whole,
      listens: whole,
      watches: whole,
    }),
    resume: word(resumeStates, 'resync'),
  }),
  caught_up: object({ channelId: id, seq: count }),
  resync: object({ channelId: id, epoch, seq: count, reason: word(resyncReasons, 'gap') }),
  gone: object({ channelId: id }),
  heads: object({ epoch, heads: record(count) }),
  roster: object({ roster }),
  agents: object({ agents: list(agent), stale: flag }),
  ack: object({
    ref: text,
    channelId: optional(id),
    messageId: optional(id),
    seq: optional(count),
    message: optional(message),
  }),
  error: object({ ref: optional(text), error: problem }),
  goodbye: object({ reason: word(goodbyeReasons, 'other'), reconnectAfter: whole }),
  pong: object({}),
};
