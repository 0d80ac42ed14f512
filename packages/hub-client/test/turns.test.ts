import { groupTurns } from '@parley/hub-client/turns';
import type { Message } from '@parley/hub-protocol';
import { expect, it } from 'vitest';
import { ada, bot, general, idOf, messageOf } from './support/values.ts';

let seq = 0;
const said = (content: string, more: Partial<Message> = {}): Message =>
  messageOf({ id: idOf(100 + (seq += 1)), channelId: general, seq, content, ...more });
const thought = (content: string, turnId: string | null, more: Partial<Message> = {}): Message =>
  said(content, { kind: 'thought', turnId, ...more });

/** Turns in brackets. */
const shown = (messages: readonly Message[]): string[] =>
  groupTurns(messages).map((row) =>
    row.kind === 'turn'
      ? `[${row.turnId}: ${row.steps.map(({ content }) => content).join(', ')}]`
      : row.message.content,
  );

it('thoughts and actions of one turn are one row, where they begin, whatever was said in between', () => {
  const rows = [
    said('do it', { senderId: ada }),
    thought('hm', 't1'),
    said('please', { senderId: ada }),
    said('ran ls', { kind: 'action', turnId: 't1' }),
    said('done', { turnId: 't1' }),
    thought('next', 't2'),
  ];
  expect(shown(rows)).toEqual(['do it', '[t1: hm, ran ls]', 'please', 'done', '[t2: next]']);
});

it('turns of two agents are two, also by one name, and a thought without a turn is one of its own', () => {
  const lone = thought('alone', null);
  const rows = [thought('a', 't'), thought('b', 't', { senderId: ada }), lone, thought('c', 't')];
  expect(shown(rows)).toEqual(['[t: a, c]', '[t: b]', `[${lone.id}: alone]`]);
});

it('what was deleted leaves its turn, and what the hub says belongs to none', () => {
  const rows = [
    thought('kept', 't'),
    thought('', 't', { deletedAt: 1 }),
    said('joined', { kind: 'system', senderId: null, turnId: 't' }),
  ];
  expect(shown(rows)).toEqual(['[t: kept]', 'joined']);
  expect(groupTurns(rows)[0]).toMatchObject({ senderId: bot, kind: 'turn' });
});
