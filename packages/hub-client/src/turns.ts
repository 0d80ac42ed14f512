import type { Message } from '@parley/hub-protocol';

/** What an agent thought and did in one turn, to be shown as one row. */
export interface TurnRow {
  readonly kind: 'turn';
  readonly turnId: string;
  readonly senderId: string;
  /** Thoughts and actions, in order; none that was deleted. */
  readonly steps: readonly Message[];
}

export interface MessageRow {
  readonly kind: 'message';
  readonly message: Message;
}

export type Row = TurnRow | MessageRow;

/**
 * The messages of a channel as rows: thoughts and actions of one turn together, where the first of them stands, and everything else by itself. A
 * thought or an action that names no turn is a turn of its own.
 */
export function groupTurns(messages: readonly Message[]): Row[] {
  const rows: Row[] = [];
  const turns = new Map<string, Message[]>();
  for (const message of messages) {
    const { kind, senderId, id } = message;
    if (senderId === null || (kind !== 'thought' && kind !== 'action')) {
      rows.push({ kind: 'message', message });
      continue;
    }
    if (message.deletedAt !== null) continue;
    const turnId = message.turnId ?? id;
    // Two agents may call their turns by one name.
    const key = `${senderId} ${turnId}`;
    const known = turns.get(key);
    if (known !== undefined) {
      known.push(message);
      continue;
    }
    const steps = [message];
    turns.set(key, steps);
    rows.push({ kind: 'turn', turnId, senderId, steps });
  }
  return rows;
}
