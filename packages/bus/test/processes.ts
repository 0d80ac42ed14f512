import { createBus, defineTopic, memoryBroker, type Broker, type Bus, type Signal } from '@parley/bus';
import { virtualClock } from '@parley/cache-core/kernel';
import { quiet, schemaOf, text, watch, type Watched } from './support.ts';

const reply = schemaOf<string>((value) =>
  typeof value === 'string' ? undefined : { message: 'it is not text' },
);
export const greet = defineTopic('greet', { class: 'request', schema: text, reply });

/** Some processes over one broker, of which words may be kept away. */
export function processes(
  count: number,
  loses: (note: { readonly q: string }, signal: Signal) => boolean = () => false,
) {
  const clock = virtualClock();
  const good = memoryBroker({ clock });
  const said: string[] = [];
  const broker: Broker = {
    ...good,
    send: async (signals) => {
      for (const signal of signals) {
        const note: unknown = JSON.parse(signal.body);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        const known = note as { readonly q: string };
        said.push(known.q);
        if (!loses(known, signal)) await good.send([signal]);
      }
    },
  };
  const buses = Array.from({ length: count }, () => createBus({ broker, clock, random: () => 0.5 }));
  return { clock, good, said, buses };
}

export async function answering(
  clock: ReturnType<typeof virtualClock>,
  bus: Bus | undefined,
  name: string,
  concurrency = 100,
) {
  const asked: string[] = [];
  const ends: ((answer?: string) => void)[] = [];
  const responder = bus?.respond(
    greet,
    ({ data }) => {
      asked.push(data);
      if (!data.startsWith('wait')) return `${data} from ${name}`;
      return new Promise<string>((resolve) => ends.push(() => resolve(`${data} from ${name}`)));
    },
    { concurrency },
  );
  await quiet(clock);
  await responder?.ready();
  return { asked, ends, responder };
}

export async function ask(
  clock: ReturnType<typeof virtualClock>,
  bus: Bus | undefined,
  data: string,
  within = '5s' as const,
) {
  const watched: Watched =
    bus === undefined ? { outcome: 'no bus' } : watch(bus.request(greet, data, { within }), clock);
  await quiet(clock);
  return watched;
}
