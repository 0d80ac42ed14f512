import { randomUUID } from 'node:crypto';
import type { Random } from '@parley/services';
import { contentOf } from './content.ts';
import type { Figures } from './figures.ts';
import { presenceName, typingName, type Moments } from './moments.ts';
import type { WorkPlan } from './protocol.ts';
import type { Receiver } from './receiver.ts';
import { weighted, type Weighted } from './weighted.ts';

interface Said {
  readonly channelId: string;
  readonly messageId: string;
}

interface Speaker {
  readonly receiver: Receiver;
  readonly place: number;
}

export interface TalkOptions {
  readonly plan: WorkPlan;
  readonly receivers: readonly Receiver[];
  readonly marker: string;
  readonly figures: Figures;
  readonly moments: Moments;
  readonly random: Random;
}

const emojis = ['👍', '🎉', '👀', '✅'] as const;
const mostRemembered = 64;

/** What the agents of one process say: who says it, where and what is decided by the seed. */
export class Talk {
  readonly #options: TalkOptions;
  readonly #pick: Weighted<number>;
  readonly #speakers = new Map<number, Receiver[]>();
  readonly #recent: Said[] = [];
  readonly #typing = new Map<string, boolean>();
  readonly #activity = new Map<Receiver, 'online' | 'away'>();

  constructor(options: TalkOptions) {
    this.#options = options;
    for (const receiver of options.receivers) {
      if (receiver.plan.mute) continue;
      for (const place of receiver.plan.channels) {
        const there = this.#speakers.get(place);
        if (there === undefined) this.#speakers.set(place, [receiver]);
        else there.push(receiver);
      }
    }
    this.#pick = weighted(
      Array.from(this.#speakers.keys(), (place) => [place, this.#weightOf(place)] as const),
    );
  }

  /** Whether anybody here may say something. */
  get silent(): boolean {
    return this.#speakers.size === 0;
  }

  message(nth: number, due: number): void {
    const { plan, marker, figures, random } = this.#options;
    const speaker = this.#speaker();
    if (speaker === undefined) return;
    const number = 1 + nth * plan.workers + plan.worker;
    const length = random.between(...plan.traffic.length);
    figures.count('sent');
    speaker.receiver.say({
      frame: {
        type: 'send',
        channelId: this.#idOf(speaker.place),
        clientId: randomUUID(),
        content: contentOf(marker, { number, due }, length),
      },
      number,
      due,
    });
  }

  reaction(due: number): void {
    const { random, receivers } = this.#options;
    const said = this.#recent[random.between(0, this.#recent.length - 1)];
    if (said === undefined) return;
    const there = receivers.filter(
      ({ plan }) => !plan.mute && plan.channels.some((place) => this.#idOf(place) === said.channelId),
    );
    const receiver = there[random.between(0, there.length - 1)];
    receiver?.say({ frame: { type: 'react', ...said, emoji: random.pick(emojis) }, number: 0, due });
  }

  typing(due: number): void {
    const speaker = this.#speaker();
    if (speaker === undefined) return;
    const { receiver, place } = speaker;
    const channelId = this.#idOf(place);
    const name = typingName(channelId, receiver.plan.userId);
    const typing = this.#typing.get(name) !== true;
    this.#typing.set(name, typing);
    if (typing) this.#options.moments.said(name, due);
    receiver.whisper({ type: 'typing', channelId, state: typing ? 'start' : 'stop' });
  }

  presence(due: number): void {
    const { receivers, random, moments } = this.#options;
    const receiver = receivers[random.between(0, receivers.length - 1)];
    if (receiver === undefined || receiver.plan.mute) return;
    const activity = this.#activity.get(receiver) === 'away' ? 'online' : 'away';
    this.#activity.set(receiver, activity);
    for (const place of receiver.plan.channels)
      moments.said(presenceName(this.#idOf(place), receiver.plan.userId, activity), due);
    receiver.whisper({ type: 'presence', activity });
  }

  /** Somebody may react to it. */
  remember(channelId: string, messageId: string): void {
    this.#recent.push({ channelId, messageId });
    if (this.#recent.length > mostRemembered) this.#recent.shift();
  }

  #speaker(): Speaker | undefined {
    const { random } = this.#options;
    const place = this.#pick(random.next());
    const there = place === undefined ? undefined : this.#speakers.get(place);
    const receiver = there?.[random.between(0, there.length - 1)];
    return place === undefined || receiver === undefined ? undefined : { receiver, place };
  }

  #weightOf(place: number): number {
    return this.#options.plan.channels[place]?.weight ?? 0;
  }

  #idOf(place: number): string {
    return this.#options.plan.channels[place]?.id ?? '';
  }
}
