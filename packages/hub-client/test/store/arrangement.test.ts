import type { Message } from '@parley/hub-protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Arrangement } from '../../src/store/arrangement.ts';
import { Rows } from '../../src/store/rows.ts';
import { general, messageOf } from '../support/values.ts';

const many = 40;
const roots = ['a thread', 'another one', null, null];

const seq = fc.integer({ min: 1, max: many });
const step = fc.oneof(
  fc.record({ put: fc.uniqueArray(seq, { maxLength: 12 }) }),
  fc.record({ pin: seq, at: fc.option(fc.integer({ min: 1, max: 5 })) }),
  fc.record({ say: seq }),
  fc.record({ floor: seq }),
  fc.record({ read: fc.constantFrom('a thread', 'another one') }),
  fc.record({ prune: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ look: fc.constant(true) }),
);

it('shows after any changes what one would show who looks at everything', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const rows = new Rows();
      const shown = new Arrangement();
      const complete = new Set<string>();
      let [asOf, floor] = [0, 1];
      const change = (message: Message | undefined): void => {
        if (message !== undefined) shown.changed(message);
      };
      for (const one of steps) {
        asOf += 1;
        if ('put' in one) {
          const page = one.put.map((n) => message(n));
          for (const taken of rows.put(page, asOf)) shown.changed(taken);
        }
        if ('pin' in one) change(rows.change(idOf(one.pin), asOf, { pinnedAt: one.at }));
        if ('say' in one) change(rows.change(idOf(one.say), asOf, { content: `${asOf}` }));
        if ('floor' in one) ({ floor } = one);
        if ('read' in one) {
          shown.threadRead(one.read, true);
          complete.add(one.read);
        }
        if ('prune' in one) {
          rows.prune(one.prune);
          shown.pruned();
          complete.clear();
        }
        if ('look' in one) check(shown.of(rows, floor), rows, floor, complete);
      }
      check(shown.of(rows, floor), rows, floor, complete);
    }),
    { numRuns: 2_000 },
  );
});

it('keeps the lists in which nothing changed', () => {
  const rows = new Rows();
  const shown = new Arrangement();
  for (const taken of rows.put([message(1), message(2), message(3)], 1)) shown.changed(taken);
  const { timeline, pins, threads } = shown.of(rows, 0);
  const changed = rows.change(idOf(1), 2, { content: 'a reply' });
  if (changed !== undefined) shown.changed(changed);
  shown.of(rows, 0);
  expect(shown.timeline).toBe(timeline);
  expect(shown.pins).toBe(pins);
  expect(shown.threads).not.toBe(threads);
});

const idOf = (n: number): string => `message ${n}`;

function message(n: number): Message {
  const threadId = roots[n % roots.length] ?? null;
  return messageOf({ id: idOf(n), channelId: general, seq: n, content: `number ${n}`, threadId });
}

function check(shown: Arrangement, rows: Rows, floor: number, complete: ReadonlySet<string>): void {
  const all = rows.between(-Infinity, Infinity);
  expect(all).toEqual(all.toSorted((a, b) => a.seq - b.seq));
  expect(shown.timeline).toEqual(all.filter(({ threadId, seq }) => threadId === null && seq >= floor));
  const pinned = all.filter(({ pinnedAt }) => pinnedAt !== null);
  expect(shown.pins).toEqual(pinned.toSorted((a, b) => (b.pinnedAt ?? 0) - (a.pinnedAt ?? 0)));
  const threads = ['a thread', 'another one'].flatMap((root) => {
    const messages = all.filter(({ threadId }) => threadId === root);
    const isWhole = complete.has(root);
    return messages.length === 0 && !isWhole ? [] : [[root, { messages, complete: isWhole }] as const];
  });
  expect(new Map(shown.threads)).toEqual(new Map(threads));
}
