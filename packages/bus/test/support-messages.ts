import { defineTopic, type Message, type SubscribeOptions } from '@parley/bus';
import { quiet, text, type Stage } from './support.ts';

export const notes = defineTopic('notes', { class: 'stream', schema: text, patterns: true });
export const moods = defineTopic('moods', {
  class: 'ephemeral',
  schema: text,
  key: (mood) => mood.split(' ')[0],
});
export const plain = defineTopic('plain', { class: 'ephemeral', schema: text, patterns: true });

export type TextTopic = typeof notes | typeof moods;

/** A handler that works on each message until it is let go. */
export function slowHandler() {
  const begun: string[] = [];
  const going: (() => void)[] = [];
  return {
    begun,
    handle: ({ data }: Message<string>): Promise<void> => {
      begun.push(data);
      return new Promise((resolve) => going.push(resolve));
    },
    /** Lets the oldest one end. */
    go: async ({ clock }: Stage, count = 1): Promise<void> => {
      for (let i = 0; i < count; i++) {
        going.shift()?.();
        await clock.settle();
      }
    },
  };
}

/** A subscription that is live, and all it says. */
export async function heard(stage: Stage, options: SubscribeOptions = {}, topic: TextTopic = notes) {
  const got: string[] = [];
  const errors: string[] = [];
  const gaps: string[] = [];
  const states: string[] = [];
  const say = ({ channel, data }: Message<string>): void => {
    got.push(channel === 'main' ? data : `${channel} ${data}`);
  };
  const subscription = stage.bus.subscribe(topic, say, {
    onError: (error) => errors.push(String(error)),
    onGap: ({ reason, from, to }) => gaps.push(`${reason} ${from.offset}-${to.offset}`),
    onState: (state) => states.push(state),
    ...options,
  });
  await quiet(stage.clock);
  return { subscription, got, errors, gaps, states };
}
