import type { Message } from '@parley/hub-protocol';
import type { Logger } from '@parley/cache-core/kernel';
import type { Actor } from './actor.ts';

export interface AnsweringOptions {
  readonly wait: (seconds: number) => Promise<void>;
  readonly logger: Logger;
  /** Whether the demo goes on. */
  readonly isOver: () => boolean;
}

/** Lets an agent answer people who mention it, or write to it alone. Agents do not call each other so: they have their script. */
export function answerPeople(actor: Actor, { wait, logger, isOver }: AnsweringOptions): void {
  const { hub, role, userId } = actor;
  let given = 0;
  const answer = async ({ id, channelId, threadId }: Message): Promise<void> => {
    const text = role.answers[given % role.answers.length] ?? '';
    given += 1;
    const turnId = `answer-${id}`.slice(0, 64);
    const place = { causedBy: id, turnId, ...(threadId !== null && { threadId }) };
    await wait(1);
    hub.typing(channelId, 'start', threadId ?? undefined);
    await wait(1);
    const thought = `Somebody asks me. I am scripted, so I take the next of my ${role.answers.length === 1 ? 'one answer' : `${role.answers.length} answers`}.`;
    if (threadId === null) await actor.think(channelId, thought, turnId);
    await wait(1);
    await actor.stream(channelId, text, place);
  };
  hub.on('channel.message', ({ message }) => {
    const { users, channels } = hub.snapshot();
    const sender = message.senderId === null ? undefined : users.get(message.senderId);
    if (sender?.kind !== 'person' || message.kind !== 'message') return;
    const isAlone = channels.get(message.channelId)?.channel.kind === 'direct';
    if (!isAlone && !message.mentions.users.includes(userId)) return;
    answer(message).catch((error: unknown) => {
      if (!isOver()) logger.warn({ error, agent: role.handle }, 'An agent of the demo could not answer');
    });
  });
}
