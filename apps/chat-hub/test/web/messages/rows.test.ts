import type { Message } from '@parley/hub-protocol';
import { expect, test } from 'vitest';
import { typingText } from '../../../web/src/timeline/typing-text.ts';
import { comeBefore } from '../../../web/src/timeline/shift.ts';
import { arrange, placeOf, rowWith, withOutgoing, type Arranged } from '../../../web/src/timeline/rows.ts';
import { detailsOf } from '../../../web/src/agents/turn-details.ts';
import { turnSummary } from '../../../web/src/agents/turn-summary.ts';

const noon = new Date(2026, 4, 5, 12).getTime();

function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    channelId: 'c',
    seq,
    kind: 'message',
    senderId: 'ann',
    content: `text ${seq}`,
    timestamp: noon + seq * 1_000,
    threadId: null,
    replyTo: null,
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
    clientId: null,
    ...more,
  };
}

const keys = ({ rows }: Arranged): string[] => rows.map(({ key }) => key);
const heads = ({ rows }: Arranged): boolean[] => rows.map((row) => row.kind === 'message' && row.head);

test('who speaks is said once for what follows within minutes', () => {
  const later = { timestamp: noon + 10 * 60_000 };
  const arranged = arrange(
    undefined,
    [
      message(1),
      message(2),
      message(3, { senderId: 'bob' }),
      message(4),
      message(5, later),
      message(6, { ...later, replyTo: 'm1' }),
      message(7, { ...later, senderId: null, kind: 'system' }),
      message(8, later),
    ],
    'me',
  );
  expect(heads(arranged)).toEqual([true, false, true, true, true, true, true, true]);
});

test('a day begins with the first message of it', () => {
  const arranged = arrange(
    undefined,
    [message(1), message(2), message(3, { timestamp: noon + 86_400_000 })],
    'me',
  );
  expect(arranged.rows.map(({ newDay }) => newDay)).toEqual([true, false, true]);
});

test('older messages make the same rows as if all had come at once, however they come', () => {
  const step = { senderId: 'cod', kind: 'thought' } as const;
  const all = [
    message(1),
    message(2),
    message(3, { ...step, turnId: 's' }),
    message(4, { ...step, turnId: 't' }),
    message(5, { timestamp: noon + 86_400_000 }),
    message(6, { ...step, turnId: 't', timestamp: noon + 86_400_000 }),
    message(7, { ...step, turnId: 'u', timestamp: noon + 86_400_000 }),
    message(8, { timestamp: noon + 86_401_000 }),
  ];
  const later = message(7, { ...step, turnId: 'u', timestamp: noon + 86_400_000, content: 'changed' });
  const whole = [...all.slice(0, 6), later, ...all.slice(7), message(9)];
  const expected = arrange(undefined, whole, 'me').rows;
  for (const first of [7, 6, 5, 4, 3, 2, 1])
    for (const second of [0, Math.floor(first / 2)]) {
      let arranged = arrange(undefined, all.slice(first), 'me');
      arranged = arrange(arranged, all.slice(second), 'me');
      expect(arrange(arranged, all, 'me').rows).toEqual(arrange(undefined, all, 'me').rows);
      expect(arrange(arranged, whole, 'me').rows).toEqual(expected);
    }
});

test('thoughts and actions of a turn are one row where the first of them stands', () => {
  const step = { senderId: 'cod', kind: 'action', turnId: 't' } as const;
  const messages = [
    message(1, { ...step, kind: 'thought' }),
    message(2),
    message(3, step),
    message(4, { ...step, senderId: 'other' }),
    message(5, { ...step, deletedAt: noon }),
    message(6, { ...step, turnId: null }),
  ];
  const arranged = arrange(undefined, messages, 'me');
  expect(keys(arranged)).toEqual(['turn cod t', 'm2', 'turn other t', 'turn cod m6']);
  expect(rowWith(arranged.rows, 'm3')).toBe(0);
  expect(rowWith(arranged.rows, 'none')).toBe(-1);
  expect(placeOf(arranged.rows, 3)).toBe(2);
});

test('however messages come and change, the rows are those that would be made anew', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const some = (seq: number): Message =>
    message(seq, {
      senderId: ['ann', 'bob', 'cod'][random(3)] ?? null,
      kind: (['message', 'message', 'thought', 'action', 'system'] as const)[random(5)] ?? 'message',
      turnId: random(2) === 0 ? `t${random(4)}` : null,
      timestamp: noon + seq * 60_000 * random(9),
    });
  let messages: readonly Message[] = Array.from({ length: 30 }, (_, at) => some(1_000 + at));
  let arranged: Arranged | undefined;
  for (let round = 0; round < 400; round += 1) {
    const next = [...messages];
    const at = random(next.length);
    const old = next[at];
    const what = random(6);
    if (what === 0) next.push(some(1_000 + round + 30));
    else if (what === 1) next.unshift(some(1_000 - round - 1));
    else if (what === 2 && old) next[at] = { ...old, content: `changed ${round}` };
    else if (what === 3 && old) next[at] = { ...old, deletedAt: noon };
    else if (what === 4) next.splice(0, random(3));
    else if (old) {
      next[at] = { ...old, pinnedAt: noon };
      next.push(some(1_000 + round + 30));
    }
    messages = next;
    arranged = arrange(arranged, messages, 'me');
    expect(arranged.rows).toEqual(arrange(undefined, messages, 'me').rows);
  }
});

test('what did not change stays the same row, and one more message costs next to nothing', () => {
  const messages = Array.from({ length: 50_000 }, (_, at) => message(at + 1));
  const before = arrange(undefined, messages, 'me');
  const after = arrange(before, [...messages, message(50_001)], 'me');
  expect(after.rows).toHaveLength(50_001);
  for (const at of [0, 25_000, 49_999]) expect(after.rows[at]).toBe(before.rows[at]);
  const older = arrange(after, [message(0, { senderId: 'bob' }), ...after.messages], 'me');
  for (const at of [2, 25_000, 50_000]) expect(older.rows[at + 1]).toBe(after.rows[at]);
});

test('an own message keeps its row when the log has it', () => {
  const outgoing = {
    clientId: 'x',
    channelId: 'c',
    content: 'hi',
    threadId: null,
    replyTo: null,
    timestamp: noon,
    files: [],
    state: 'sending',
    error: undefined,
  } as const;
  const { rows } = arrange(undefined, [message(1)], 'me');
  const waiting = withOutgoing(rows, [outgoing], null, 'me');
  expect(withOutgoing(rows, [outgoing], 'thread', 'me')).toBe(rows);
  const confirmed = arrange(undefined, [message(1), message(2, { senderId: 'me', clientId: 'x' })], 'me');
  expect(waiting.map(({ key }) => key)).toEqual(keys(confirmed));
});

test('it is known how many rows came before the others, or went', () => {
  const named = (...all: string[]) => all.map((key) => ({ key }));
  expect(comeBefore(named('c', 'd'), named('a', 'b', 'c', 'd'))).toBe(2);
  expect(comeBefore(named('c', 'd'), named('a', 'c', 'd', 'e'))).toBe(1);
  expect(comeBefore(named('c', 'd', 'own'), named('b', 'c', 'd'))).toBe(1);
  expect(comeBefore(named('a', 'b', 'c'), named('b', 'c', 'd'))).toBe(-1);
  expect(comeBefore(named('a', 'b'), named('a', 'b', 'c'))).toBe(0);
  expect(comeBefore(named('a', 'b'), named('x', 'y'))).toBe(0);
  expect(comeBefore([], named('x'))).toBe(0);
});

test.each([
  [[], [], ''],
  [['Ada'], [], 'Ada is typing…'],
  [['Ada', 'Bob'], [], 'Ada and Bob are typing…'],
  [['Ada', 'Bob', 'Cleo'], [], 'Ada, Bob and 1 other are typing…'],
  [['Ada'], ['x', 'y', 'z'], 'Ada and 3 agents are typing…'],
  [['Ada'], ['Coder'], 'Ada and Coder are typing…'],
  [[], ['Coder'], 'Coder is typing…'],
  [[], ['x', 'y'], 'Several agents are typing…'],
])('%j and the agents %j: %s', (people, agents, text) => {
  expect(typingText(people, agents)).toBe(text);
});

test('a turn is told in a few words, and an action by its parts whatever they are called', () => {
  const step = { kind: 'action', senderId: 'cod' } as const;
  const thought = message(1, { kind: 'thought' });
  expect(turnSummary([thought])).toBe('thought');
  expect(turnSummary([thought, message(2, step), message(13, step)])).toBe('thought, 2 actions · 12 s');
  expect(detailsOf({ result: 'fine', args: { path: 'x' }, tool: 'read', cost: 3 })).toEqual({
    tool: 'read',
    parts: [
      { name: 'Arguments', text: '{\n  "path": "x"\n}' },
      { name: 'Result', text: 'fine' },
      { name: 'cost', text: '3' },
    ],
  });
  expect(detailsOf(null)).toEqual({ tool: undefined, parts: [] });
});
