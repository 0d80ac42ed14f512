import type { Bus } from './bus.ts';
import type { AnyTopic } from './topic.ts';

const known = new WeakMap<Bus, Map<string, AnyTopic>>();

/** One topic for each name on each bus, however often something of this package asks for it: a bus takes no second one of its name. */
export function ownTopic<T extends AnyTopic>(bus: Bus, name: string, define: () => T): T {
  let topics = known.get(bus);
  if (topics === undefined) known.set(bus, (topics = new Map()));
  const kept = topics.get(name);
  // Each name has one definition, by who asks for it; another one is refused by the bus.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  if (kept !== undefined) return kept as T;
  const topic = define();
  topics.set(name, topic);
  return topic;
}
