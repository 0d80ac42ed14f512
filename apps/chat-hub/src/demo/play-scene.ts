import type { SendDraft } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';
import type { Actor } from './actor.ts';
import type { Scene, Step } from './script/step.ts';

export interface Stage {
  readonly actors: ReadonlyMap<string, Actor>;
  /** Waits for that many seconds, at the pace of the demo. */
  readonly wait: (seconds: number) => Promise<void>;
  /** From 0 to 1, the same with each start. */
  readonly random: () => number;
  /** Whether pictures can be shown. */
  readonly keepsFiles: boolean;
}

/** How long one types, by what one writes. */
const typingSeconds = (text: string): number => Math.min(1 + text.length / 40, 5);

export async function playScene(scene: Scene, { actors, wait, random, keepsFiles }: Stage): Promise<void> {
  const said = new Map<string, Message>();
  for (const step of scene) {
    await wait(step.after ?? 2 + 4 * random());
    const actor = actors.get(step.who);
    const channelId = actor === undefined ? undefined : channelCalled(actor, step.in);
    // Whoever owns the workspace may have taken somebody out, or deleted the channel.
    if (actor === undefined || channelId === undefined) continue;
    const message = await play(step, actor, channelId);
    if (message !== undefined && step.as !== undefined) said.set(step.as, message);
  }

  async function play(step: Step, actor: Actor, channelId: string): Promise<Message | undefined> {
    const { reacts, thread, reply, says, streams, shows } = step;
    const to = reacts === undefined ? undefined : said.get(reacts.to);
    if (reacts !== undefined && to !== undefined) await actor.react(to, reacts.emoji);
    const turnId = step.thinks === undefined && step.uses === undefined ? undefined : turnOf(random);
    if (turnId !== undefined) await work(step, actor, channelId, turnId);
    const threadId = thread === undefined ? undefined : said.get(thread)?.id;
    const more: Partial<SendDraft> = {
      ...(threadId !== undefined && { threadId }),
      ...(reply !== undefined && { replyTo: said.get(reply)?.id }),
      ...(turnId !== undefined && { turnId }),
      ...(shows !== undefined && keepsFiles && { files: [await actor.draw(channelId, shows)] }),
    };
    if (streams !== undefined) return actor.stream(channelId, streams, more);
    if (says === undefined) return undefined;
    await type(actor, channelId, typingSeconds(says), threadId);
    return actor.say(channelId, says, more);
  }

  async function work({ thinks = [], uses = [] }: Step, actor: Actor, channelId: string, turnId: string) {
    for (const text of thinks) {
      await actor.think(channelId, text, turnId);
      await wait(2);
    }
    for (const use of uses) {
      await wait(1);
      await actor.use(channelId, use, turnId);
    }
  }

  async function type({ hub }: Actor, channelId: string, seconds: number, threadId: string | undefined) {
    for (let left = seconds; left > 0; left -= 2.5) {
      hub.typing(channelId, 'start', threadId);
      await wait(Math.min(left, 2.5));
    }
  }
}

/** Of everybody, those that are pseudo-random are the same with each start. */
const turnOf = (random: () => number): string => `demo-${Math.floor(random() * 2 ** 40).toString(36)}`;

function channelCalled({ hub }: Actor, name: string): string | undefined {
  for (const { channel } of hub.snapshot().channels.values()) if (channel.name === name) return channel.id;
  return undefined;
}
