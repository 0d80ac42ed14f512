import type { CommandAnswer, CommandCall } from '@parley/hub-protocol';
import { readCount, readFlag, readText, type TextRow } from '@parley/runtime';

/** A row of one of the statements that read calls. */
export function callOf(row: TextRow): CommandCall {
  const answers: CommandAnswer[] = JSON.parse(readText(row, 10));
  const error = row[6] ?? null;
  return {
    id: readText(row, 0),
    commandId: readText(row, 1),
    channelId: readText(row, 2),
    userId: readText(row, 3),
    name: readText(row, 4),
    text: readText(row, 5),
    state: stateOf(answers.length, error, readFlag(row, 9)),
    error,
    answers,
    createdAt: readCount(row, 7),
    expiresAt: readCount(row, 8),
  };
}

/** One that failed first may have been answered by its address afterwards. */
function stateOf(answers: number, error: string | null, isOver: boolean): CommandCall['state'] {
  if (answers > 0) return 'answered';
  if (error !== null) return 'failed';
  return isOver ? 'expired' : 'working';
}
