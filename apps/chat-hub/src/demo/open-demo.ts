import { systemClock, type Clock, type Logger } from '@parley/cache-core/kernel';
import type { Hub } from '../compose.ts';
import { connectActor, type Actor } from './actor.ts';
import { answerPeople } from './answering.ts';
import { founderOf } from './founder.ts';
import { playScene, type Stage } from './play-scene.ts';
import { seededRandom } from './seeded-random.ts';
import { prologue, welcome } from './script/prologue.ts';
import { scenes } from './script/scenes.ts';
import { settleCast } from './settle-cast.ts';

export interface DemoOptions {
  /** Where the hub listens. */
  readonly url: string;
  readonly logger: Logger;
  /** Whether the hub takes files: without, nobody shows pictures. @default true */
  readonly keepsFiles?: boolean;
  /** @default systemClock */
  readonly clock?: Clock;
  /** How slow it goes: 0 is without any pause, 1 as people read. @default 1 */
  readonly pace?: number;
  /** Whether it goes on behind the prologue. @default true */
  readonly scenes?: boolean;
}

export interface Demo {
  /** Everybody stops where they are, and goes. */
  readonly close: () => Promise<void>;
}

const pauseSeconds = 25;

/** Fills the workspace with agents that follow a script, and lets them go on until it is closed. Resolves when there is something to see. */
export async function openDemo(
  hub: Hub,
  { url, logger, clock = systemClock, pace = 1, scenes: goesOn = true, keepsFiles = true }: DemoOptions,
): Promise<Demo> {
  const ending = new AbortController();
  const { signal } = ending;
  const wait = (seconds: number): Promise<void> => clock.sleep(seconds * 1_000 * pace, { signal });
  const founder = await founderOf(hub.tables);
  const members = await settleCast(hub, founder, clock.now());
  const actors = new Map<string, Actor>();
  const close = async (): Promise<void> => {
    ending.abort();
    await playing;
    for (const { hub } of actors.values()) hub.close();
  };
  let playing: Promise<void> = Promise.resolve();
  try {
    for (const member of members) actors.set(member.role.handle, await connectActor(member, { url, wait }));
    const random = seededRandom(24);
    const stage: Stage = { actors, wait, random, keepsFiles };
    await playScene(prologue, { ...stage, wait: async () => {} });
    await greet(actors.get('echo'), founder.userId);
    for (const actor of actors.values()) answerPeople(actor, { wait, logger, isOver: () => signal.aborted });
    if (goesOn) playing = playOn(stage, signal, logger);
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

async function greet(actor: Actor | undefined, userId: string): Promise<void> {
  if (actor === undefined) return;
  const { id } = await actor.hub.call('openDirect', { body: { userIds: [userId] } });
  // The same one, where the demo was started before.
  await actor.hub.call('sendMessage', {
    params: { channelId: id },
    body: { content: welcome, clientId: 'welcome' },
  });
}

/** Scene after scene, until it is over. One that fails is left for the next. */
async function playOn(stage: Stage, signal: AbortSignal, logger: Logger): Promise<void> {
  for (let nth = 0; !signal.aborted; nth += 1) {
    try {
      await stage.wait(pauseSeconds * (0.4 + stage.random()));
      await playScene(scenes[nth % scenes.length] ?? [], stage);
    } catch (error) {
      if (!signal.aborted) logger.warn({ error }, 'A scene of the demo was broken off');
    }
  }
}
