import { knownFiles } from '../composer/known-files.ts';
import type { Outgoing } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';
import { sameDay } from './times.ts';

interface Placed {
  readonly key: string;
  /** The number in the log; those that are not in it yet come last. */
  readonly seq: number;
  readonly at: number;
  /** Whether a day begins with it. */
  readonly newDay: boolean;
}

interface MessageItem extends Placed {
  readonly kind: 'message';
  readonly message: Message;
  /** Whether it says who speaks: those that follow soon by the same sender do not. */
  readonly head: boolean;
  /** Set while it is not in the log yet. */
  readonly outgoing?: Outgoing;
}

/** What an agent thought and did in one turn. */
export interface TurnItem extends Placed {
  readonly kind: 'turn';
  readonly senderId: string;
  readonly steps: readonly Message[];
}

export type LogItem = MessageItem | TurnItem;

/** Messages as rows. It is made from the one before, so that a new message costs the same however many there are. */
export interface Arranged {
  readonly messages: readonly Message[];
  readonly rows: readonly LogItem[];
  /** The numbers of the turns' rows: where they stand changes when older ones come before them. */
  readonly turns: Map<string, number>;
}

const groupMs = 5 * 60_000;

const made = new WeakMap<Message, MessageItem>();

export function arrange(
  before: Arranged | undefined,
  messages: readonly Message[],
  me: string | undefined,
): Arranged {
  if (before === undefined) return arrangeAll(messages, me);
  if (before.messages === messages) return before;
  const came = olderThan(before.messages[0], messages);
  const rows = came === 0 ? [...before.rows] : withOlder(before, messages.slice(0, came), me);
  if (rows === undefined) return arrangeAll(messages, me);
  const { turns } = before;
  let at = came;
  for (const old of before.messages) {
    const message = messages[at];
    at += 1;
    if (message === old) continue;
    if (message?.id !== old.id || !replace(rows, turns, old, message)) return arrangeAll(messages, me);
  }
  for (; at < messages.length; at += 1) {
    const message = messages[at];
    if (message !== undefined) add(rows, turns, message, me);
  }
  return { messages, rows, turns };
}

/** How many messages are there that came before what was the first one. */
function olderThan(first: Message | undefined, messages: readonly Message[]): number {
  return first === undefined ? 0 : placeOf(messages, first.seq);
}

/** The rows, and before them older ones. Undefined: a turn is in both, and has one row from now on. */
function withOlder(
  before: Arranged,
  older: readonly Message[],
  me: string | undefined,
): LogItem[] | undefined {
  const { rows, turns } = arrangeAll(older, me);
  for (const key of turns.keys()) if (before.turns.has(key)) return undefined;
  for (const [key, seq] of turns) before.turns.set(key, seq);
  const [first] = before.rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return [...rows, ...before.rows];
  const newDay = !sameDay(last.at, first.at);
  const joint =
    first.kind === 'turn'
      ? { ...first, newDay }
      : itemOf(first.message, me, newDay, newDay || !continues(last, first.message));
  const joined = [...rows, ...before.rows];
  joined[rows.length] = joint;
  return joined;
}

function arrangeAll(messages: readonly Message[], me: string | undefined): Arranged {
  const rows: LogItem[] = [];
  const turns = new Map<string, number>();
  for (const message of messages) add(rows, turns, message, me);
  return { messages, rows, turns };
}

/** Thoughts and actions of an agent. */
const isStep = ({ kind, senderId }: Message): boolean =>
  senderId !== null && (kind === 'thought' || kind === 'action');

/** Two agents may call their turns by one name; a step that names no turn is one of its own. */
const turnKey = ({ senderId, turnId, id }: Message): string => `turn ${senderId ?? ''} ${turnId ?? id}`;

function add(rows: LogItem[], turns: Map<string, number>, message: Message, me: string | undefined): void {
  const { seq, timestamp: at, senderId } = message;
  const last = rows.at(-1);
  const newDay = last === undefined || !sameDay(last.at, at);
  if (!isStep(message) || senderId === null) {
    rows.push(itemOf(message, me, newDay, newDay || !continues(last, message)));
    return;
  }
  if (message.deletedAt !== null) return;
  const key = turnKey(message);
  const place = placeOf(rows, turns.get(key) ?? Infinity);
  const turn = rows[place];
  if (turn?.key === key && turn.kind === 'turn') {
    rows[place] = { ...turn, steps: [...turn.steps, message] };
    return;
  }
  turns.set(key, seq);
  rows.push({ kind: 'turn', key, seq, at, newDay, senderId, steps: [message] });
}

/** A row stays the same object for as long as it says the same. */
function itemOf(message: Message, me: string | undefined, newDay: boolean, head: boolean): MessageItem {
  const known = made.get(message);
  if (known?.newDay === newDay && known.head === head) return known;
  const { id, seq, timestamp: at, senderId, clientId } = message;
  // The row that was shown before the hub answered goes on as this one.
  const key = clientId !== null && senderId === me ? outgoingKey(clientId) : id;
  const item: MessageItem = { kind: 'message', key, seq, at, newDay, message, head };
  made.set(message, item);
  return item;
}

function continues(last: LogItem | undefined, message: Message): boolean {
  return (
    last?.kind === 'message' &&
    last.message.kind === 'message' &&
    message.kind === 'message' &&
    message.senderId !== null &&
    last.message.senderId === message.senderId &&
    last.message.threadId === message.threadId &&
    message.replyTo === null &&
    message.timestamp - last.at < groupMs
  );
}

/** Puts a later state of a message where the earlier one is. False: rows come or go by it. */
function replace(rows: LogItem[], turns: Map<string, number>, old: Message, message: Message): boolean {
  if (message.kind !== old.kind || message.turnId !== old.turnId) return false;
  if (!isStep(message)) {
    const place = placeOf(rows, message.seq);
    const row = rows[place];
    if (row?.kind !== 'message' || row.message !== old) return false;
    rows[place] = { ...row, message };
    return true;
  }
  const place = placeOf(rows, turns.get(turnKey(message)) ?? Infinity);
  const turn = rows[place];
  if (turn?.kind !== 'turn' || message.deletedAt !== null || !turn.steps.includes(old)) return false;
  rows[place] = { ...turn, steps: turn.steps.map((step) => (step === old ? message : step)) };
  return true;
}

/** The first with a number that is not below this one. */
export function placeOf(rows: readonly { readonly seq: number }[], seq: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.seq ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

const outgoingKey = (clientId: string): string => `own ${clientId}`;

const drafts = new WeakMap<Outgoing, Message>();

/** The rows, and behind them what is on its way. */
export function withOutgoing(
  rows: readonly LogItem[],
  outgoing: readonly Outgoing[],
  threadId: string | null,
  me: string | undefined,
): readonly LogItem[] {
  const own = outgoing.filter((one) => one.threadId === threadId);
  if (own.length === 0 || me === undefined) return rows;
  const all = [...rows];
  for (const one of own) {
    const message = drafts.get(one) ?? draftOf(one, me);
    drafts.set(one, message);
    const last = all.at(-1);
    const newDay = last === undefined || !sameDay(last.at, one.timestamp);
    const head = newDay || !continues(last, message);
    const { clientId, timestamp: at } = one;
    all.push({
      kind: 'message',
      key: outgoingKey(clientId),
      seq: Infinity,
      at,
      newDay,
      head,
      message,
      outgoing: one,
    });
  }
  return all;
}

/** What the message in the log will look like. */
function draftOf(
  { clientId, channelId, content, threadId, replyTo, timestamp, files }: Outgoing,
  me: string,
): Message {
  return {
    id: outgoingKey(clientId),
    channelId,
    seq: 0,
    kind: 'message',
    senderId: me,
    content,
    timestamp,
    threadId,
    replyTo,
    mentions: { users: [], roles: [], here: false },
    reactions: [],
    editedAt: null,
    deletedAt: null,
    pinnedAt: null,
    thread: null,
    turnId: null,
    causedBy: null,
    streaming: 'none',
    model: null,
    data: null,
    clientId,
    files: [...knownFiles(files)],
  };
}

/** Where a message is shown. */
export function rowWith(rows: readonly LogItem[], messageId: string): number {
  return rows.findLastIndex((row) =>
    row.kind === 'turn' ? row.steps.some(({ id }) => id === messageId) : row.message.id === messageId,
  );
}
