import type { Hub } from '@parley/hub-client';
import type { CommandCall } from '@parley/hub-protocol';
import { sentenceOf } from '../hub/problem.ts';
import { newClientId } from './client-id.ts';
import { commandLines, type CommandLine } from './command-lines.ts';
import { callCommand, readCommandCall } from './commands.ts';

const mostKept = 20;

const change = (next: readonly CommandLine[]): void => commandLines.set(next.slice(-mostKept));

function put(line: CommandLine): void {
  change(
    commandLines.get().some(({ id }) => id === line.id)
      ? commandLines.get().map((one) => (one.id === line.id ? line : one))
      : [...commandLines.get(), line],
  );
}

export const closeLine = (id: string): void => change(commandLines.get().filter((line) => line.id !== id));

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
    change(commandLines.get().filter(({ id }) => id !== clientId));
    if (line.state !== 'answered' || line.answers.length > 0) put(line);
  } catch (error) {
    closeLine(clientId);
    throw error;
  }
}

/** A later answer says that there is one: what they are is asked, so that none is doubled. */
export function hearAnswers(hub: Hub): () => void {
  return hub.on('command.answer', ({ callId, content }) => {
    const line = commandLines.get().find(({ id }) => id === callId);
    if (line === undefined) return;
    readCommandCall(callId).then(
      (call) => commandLines.get().some(({ id }) => id === callId) && put(lineOf(callId, call)),
      (error: unknown) =>
        put({ ...line, state: 'answered', answers: [...line.answers, content], error: sentenceOf(error) }),
    );
  });
}
