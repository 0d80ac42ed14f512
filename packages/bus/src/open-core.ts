import { createBatcher, withDeadline } from '@parley/cache-core/kernel';
import type { ReadRequest, StreamPage } from './broker.ts';
import { Checker } from './checker.ts';
import type { BusCore } from './core.ts';
import { Decoder } from './decoder.ts';
import { busSignal } from './events.ts';
import { Hearing } from './hearing.ts';
import type { BusSettings } from './options.ts';
import { emptyStats } from './stats.ts';

export function openCore(settings: BusSettings, source: string, closing: AbortSignal): BusCore {
  const { broker, clock, random, brokerMs } = settings;
  const stats = emptyStats();
  // At most 512 names or logs are asked for at once, however many there are to come back to.
  const batch = Math.min(512, broker.capabilities.maxBatch);
  const read = createBatcher<ReadRequest, StreamPage>({
    run: (requests) =>
      withDeadline(brokerMs, (signal) => broker.streams.read(requests, { signal }), {
        clock,
        what: 'reading',
      }),
    maxBatch: batch,
    maxInFlight: 1,
    nameOf: ({ channel, after, limit }) =>
      `${limit}\n${after?.epoch ?? ''}\n${after?.offset ?? ''}\n${channel}`,
  });
  const decoder = new Decoder(clock, stats);
  return {
    broker,
    source,
    clock,
    random,
    stats,
    read,
    decoder,
    hearing: new Hearing({
      open: broker.open,
      clock,
      random,
      stats,
      joinMs: brokerMs * 2,
      batch,
      onTold: () => decoder.forget(),
    }),
    checker: new Checker({ clock, random, stats, read }),
    callMs: brokerMs,
    closing,
    tell: (event) => {
      if (busSignal.active) busSignal.emit({ ...event, bus: source });
    },
  };
}
