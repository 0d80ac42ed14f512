import { InvalidArgument } from '@parley/cache-core/kernel';
import { ChannelSubscription, type Box } from './channel-subscription.ts';
import { channelOf, nameOf } from './core.ts';
import { choose } from './subscription.ts';

/** A subscription to channels of which nothing is kept. */
export class SignalSubscription extends ChannelSubscription {
  readonly #leaves: (() => void)[] = [];
  #missing = 0;

  constructor(...args: ConstructorParameters<typeof ChannelSubscription>) {
    super(...args);
    const { core, topic, options } = this;
    const choice = choose(topic, options);
    if (options.from !== undefined) {
      throw new InvalidArgument('from', 'left out for a topic that keeps nothing', options.from);
    }
    const hear = (box: Box) => (name: string, body: string) => {
      this.receiver.signal(box, name, core.decoder.signal(topic, channelOf(name), body));
    };
    if (choice.kind === 'channels') {
      for (const channel of choice.channels) {
        const box = this.receiver.openBox(() => undefined);
        this.#follow('channel', nameOf(topic.name, channel), hear(box));
      }
    } else {
      const boxes = new Map<string, Box>();
      this.#follow('topic', topic.name, (name, body) => {
        if (choice.matches(channelOf(name))) hear(this.#boxOf(boxes, name))(name, body);
      });
    }
    this.heed(options.signal);
  }

  position(): undefined {
    return undefined;
  }

  verifiedAt(): number {
    return -Infinity;
  }

  protected leave(): void {
    for (const leave of this.#leaves) leave();
  }

  #follow(kind: 'channel' | 'topic', name: string, hear: (name: string, body: string) => void): void {
    let joined = false;
    this.#missing += 1;
    const turn = (now: boolean): void => {
      if (joined === now) return;
      joined = now;
      this.#missing += now ? -1 : 1;
      this.standing.turn(this.#missing === 0 ? 'live' : 'joining');
    };
    const leave = this.core.hearing.follow(kind, name, {
      joined: () => turn(true),
      lost: (reason) => {
        this.core.tell({ type: 'lost', channel: name, reason });
        turn(false);
      },
      signal: hear,
    });
    this.#leaves.push(leave);
  }

  /** One for each channel that is heard of; those with nothing to do go when there are many. */
  #boxOf(boxes: Map<string, Box>, name: string): Box {
    let box = boxes.get(name);
    if (box !== undefined) return box;
    if (boxes.size >= 1_000) {
      for (const [other, idle] of boxes) {
        if (idle.busy) continue;
        boxes.delete(other);
        this.receiver.closeBox(idle);
      }
    }
    box = this.receiver.openBox(() => undefined);
    boxes.set(name, box);
    return box;
  }
}
