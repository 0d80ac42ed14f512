import type { Hub } from '@parley/hub-client';
import type { CommandCall } from '@parley/hub-protocol';
import { useEffect, useSyncExternalStore } from 'react';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { callCommand, readCommandCall } from './commands.ts';
import { newClientId } from './client-id.ts';

/** What became of a command, for who typed it and nobody else. */
export interface CommandLine {
  readonly id: string;
  readonly channelId: string;
  readonly typed: string;
  readonly state: 'working' | 'answered' | 'failed' | 'expired';
  readonly answers: readonly string[];
  readonly error: string | undefined;
}

const mostKept = 20;
let lines: readonly CommandLine[] = [];
const listeners = new Set<() => void>();

function change(next: readonly CommandLine[]): void {
  lines = next.slice(-mostKept);
  for (const listener of listeners) listener();
}

function put(line: CommandLine): void {
  change(
    lines.some(({ id }) => id === line.id)
      ? lines.map((one) => (one.id === line.id ? line : one))
      : [...lines, line],
  );
}

export const closeLine = (id: string): void => change(lines.filter((line) => line.id !== id));

function lineOf(id: string, { channelId, name, text, state, answers, error }: CommandCall): CommandLine {
  return {
    id,
    channelId,
    typed: `/${name}${text === '' ? '' : ` ${text}`}`,
    state,
    answers: answers.flatMap(({ content, visibility }) =>
      visibility === 'caller' && content !== null ? [content] : [],
    ),
    error: error === null ? undefined : error,
  };
}

/**
 * Types a command. What is answered to all is a message; the rest is shown here.
 *
 * @throws {HubError} then nothing was done, and the text is the caller's still
 */
export async function typeCommand(channelId: string, typed: string): Promise<void> {
  const clientId = newClientId();
  put({ id: clientId, channelId, typed, state: 'working', answers: [], error: undefined });
  try {
    const call = await callCommand(channelId, clientId, typed);
    const line = lineOf(call.id, call);
    change(lines.filter(({ id }) => id !== clientId));
    if (line.state !== 'answered' || line.answers.length > 0) put(line);
  } catch (error) {
    closeLine(clientId);
    throw error;
  }
}

/** A later answer says that there is one: what they are is asked, so that none is doubled. */
function listen(hub: Hub): () => void {
  return hub.on('command.answer', ({ callId, content }) => {
    const line = lines.find(({ id }) => id === callId);
    if (line === undefined) return;
    readCommandCall(callId).then(
      (call) => lines.some(({ id }) => id === callId) && put(lineOf(callId, call)),
      (error: unknown) =>
        put({ ...line, state: 'answered', answers: [...line.answers, content], error: sentenceOf(error) }),
    );
  });
}

export function useCommandLines(channelId: string): readonly CommandLine[] {
  const hub = useHub();
  useEffect(() => listen(hub), [hub]);
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => lines,
  );
  return all.filter((line) => line.channelId === channelId);
}
