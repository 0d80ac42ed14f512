import type { Traffic } from '../generator/protocol.ts';
import type { Objective, Size } from './profile.ts';

/** Nothing was lost, doubled or out of order for anybody, and all that was said was taken. */
export const whole: readonly Objective[] = [
  { metric: 'lost', atMost: 0 },
  { metric: 'doubled', atMost: 0 },
  { metric: 'disordered', atMost: 0 },
  { metric: 'altered', atMost: 0 },
  { metric: 'acknowledgedLost', atMost: 0 },
  { metric: 'unanswered', atMost: 0 },
  { metric: 'refused', atMost: 0 },
  { metric: 'notLive', atMost: 0 },
];

/** And nobody had to begin anew or lost a connection. */
export const calm: readonly Objective[] = [
  ...whole,
  { metric: 'resyncs', atMost: 0 },
  { metric: 'lostConnections', atMost: 0 },
];

/** What was to be sent was taken as it came, and not put off until the end. */
export function held({ rate }: Size): Objective {
  return { metric: 'acked.perSecond', atLeast: rate * 0.95 };
}

/** Messages of 200 characters and nothing else. */
export function messagesOnly({ rate }: Size, length: readonly [number, number] = [200, 200]): Traffic {
  return { messages: rate, reactions: 0, typing: 0, presence: 0, length };
}

/** As people and agents do it: short and long messages, reactions, typing, coming and going. */
export function conversation({ rate }: Size): Traffic {
  return { messages: rate, reactions: rate / 20, typing: rate / 20, presence: 2, length: [40, 400] };
}
