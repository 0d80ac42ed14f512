import type { Subjects } from '../../src/scenario.ts';

/** An event that nobody listens to, told with its payload. */
export const signalUnheard: Subjects = {
  ours: async () => {
    const { defineSignal } = await import('@parley/cache-core/kernel');
    const signal = defineSignal<{ i: number }>('parley:bench');
    return {
      op: (i) => {
        if (signal.active) signal.emit({ i });
        return i;
      },
    };
  },
  rivals: {
    'node:events': async () => {
      const { EventEmitter } = await import('node:events');
      const emitter = new EventEmitter();
      return { op: (i) => emitter.emit('bench', { i }) };
    },
  },
  floor: () => ({ op: (i) => i }),
  otherFloors: {
    diagnostics_channel: async () => {
      const { channel } = await import('node:diagnostics_channel');
      const bare = channel('parley:bench-bare');
      return {
        op: (i) => {
          if (bare.hasSubscribers) bare.publish({ i });
          return i;
        },
      };
    },
  },
};
