import { safeCall } from '@parley/cache-core/kernel';
import type { Envelope, EventOf, EventType, HubEvent, UnknownEvent } from '@parley/hub-protocol';

/** What listeners are told by: a type of event, or all of them. */
export type Listened = EventType | 'event';

export type EventListener<T extends Listened> = (
  event: T extends EventType ? EventOf<T> : HubEvent | UnknownEvent,
  envelope: Envelope<HubEvent | UnknownEvent>,
) => void;

type AnyListener = (event: HubEvent | UnknownEvent, envelope: Envelope<HubEvent | UnknownEvent>) => void;

/** Who hears of events, by type. */
export class Listeners {
  readonly #byType = new Map<Listened, ReadonlySet<AnyListener>>();

  on<T extends Listened>(type: T, listener: EventListener<T>): () => void {
    // Told by the type that it asked for, it gets events of no other.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const own = ((event, envelope) => (listener as AnyListener)(event, envelope)) satisfies AnyListener;
    this.#byType.set(type, new Set(this.#byType.get(type)).add(own));
    return () => {
      const left = new Set(this.#byType.get(type));
      left.delete(own);
      this.#byType.set(type, left);
    };
  }

  tell(envelope: Envelope<HubEvent | UnknownEvent>): void {
    const { event } = envelope;
    if (event.type !== 'unknown') this.#tell(event.type, envelope);
    this.#tell('event', envelope);
  }

  #tell(type: Listened, envelope: Envelope<HubEvent | UnknownEvent>): void {
    for (const listener of this.#byType.get(type) ?? []) safeCall('on', listener, envelope.event, envelope);
  }
}
