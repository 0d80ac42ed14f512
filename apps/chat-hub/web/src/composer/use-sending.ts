import { isHubError } from '@parley/hub-protocol';
import { useState } from 'react';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { newClientId } from './client-id.ts';
import { commandIn } from './command-name.ts';
import type { WritingPlace } from './drafts.ts';
import type { Uploads } from './uploads.ts';

export interface SendingOptions extends WritingPlace {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly uploads: Uploads | undefined;
  /** Why it must not be sent now. */
  readonly hindrance: string | undefined;
}

export interface SendProblem {
  readonly text: string;
  /** Whether it can be said as it is, though it looks like a command. */
  readonly asMessage?: boolean;
}

/** Sends what is written: as a message with its files, or as a command. What cannot be sent stays where it is. */
export function useSending({ channelId, threadId, text, setText, uploads, hindrance }: SendingOptions) {
  const hub = useHub();
  const [problem, setProblem] = useState<SendProblem>();

  const say = (): void => {
    const files = (uploads?.all() ?? []).flatMap(({ file }) => file?.id ?? []);
    const clientId = newClientId();
    const content = text.trim() === '' ? '' : text.trimEnd();
    const { message } = hub.send(channelId, {
      clientId,
      content,
      ...(threadId !== null && { threadId }),
      ...(files.length > 0 && { files }),
    });
    setText('');
    uploads?.release();
    // What fails is seen in its row. What got no row is given back.
    message.catch((error: unknown) => {
      const rows = hub.snapshot().channels.get(channelId)?.outgoing ?? [];
      if (rows.some((row) => row.clientId === clientId) || !isHubError(error)) return;
      if (error.code !== 'RATE_LIMITED') return;
      setText(text);
      setProblem({ text: `${sentenceOf(error)}.` });
    });
  };

  const command = async (name: string): Promise<void> => {
    const typed = text.trimEnd();
    setText('');
    try {
      const { typeCommand } = await import('./type-command.ts');
      await typeCommand(channelId, typed);
    } catch (error) {
      setText(typed);
      if (isHubError(error, 'COMMAND_UNKNOWN'))
        setProblem({ text: `Nobody here answers /${name}.`, asMessage: true });
      else setProblem({ text: `${sentenceOf(error)}.` });
    }
  };

  return {
    problem,
    clear: () => setProblem(undefined),
    send({ asMessage = false } = {}): void {
      setProblem(undefined);
      const all = uploads?.all() ?? [];
      const under = all.filter(({ state }) => state !== 'ready');
      if (text.trim() === '' && all.length === 0) return;
      if (hindrance !== undefined) setProblem({ text: hindrance });
      else if (under.length > 0) setProblem({ text: filesText(under) });
      else {
        const name = asMessage || all.length > 0 ? undefined : commandIn(text);
        hub.typing(channelId, 'stop', threadId ?? undefined);
        if (name === undefined) say();
        else void command(name);
      }
    },
  };
}

function filesText(under: readonly { readonly state: string }[]): string {
  const failed = under.filter(({ state }) => state === 'failed' || state === 'paused').length;
  if (failed > 0) return 'Not every file could be uploaded: try again, or remove it.';
  return under.length === 1
    ? 'A file is still on its way: send when it is there.'
    : `${under.length} files are still on their way: send when they are there.`;
}
