import { expect, it } from 'vitest';
import { contentOf, markerOf } from '../../src/generator/content.ts';
import { audit } from '../../src/run/audit.ts';
import { readUnseen } from '../../src/run/unseen.ts';
import type { HubApi } from '../../src/target/hub-api.ts';

const marker = markerOf('run');
const channels = [
  { id: 'a', weight: 1 },
  { id: 'b', weight: 1 },
];
/** Places 2 to 5 of channel 1 were acknowledged for messages 12 to 15; receivers were shown the first and the last. */
const acked = [Int32Array.of(1, 2, 12, 1, 3, 13, 1, 4, 14, 1, 5, 15)];
const records = [[undefined, Int32Array.of(-1, -1, 12, -1, -1, 15)]];

/** A log that gives one message at a time. */
function logOf(numbers: Readonly<Record<number, number>>): { api: HubApi; asked: string[] } {
  const asked: string[] = [];
  const ask = async (_: string, path: string): Promise<unknown> => {
    asked.push(path);
    const after = Number(/after=(\d+)/u.exec(path)?.[1]);
    const rows = Object.entries(numbers)
      .map(([seq, number]) => ({
        seq: Number(seq),
        content: contentOf(marker, { number, due: 1 }, 60),
      }))
      .filter(({ seq }) => seq > after);
    return { items: rows.slice(0, 1), newer: rows.length > 1 };
  };
  // Whoever asks says of what kind the answer is.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { api: { url: '', ask: ask as HubApi['ask'] }, asked };
}

const verdictOf = async (api: HubApi): Promise<number> => {
  const unseen = await readUnseen({ api, channels, acked, records, marker });
  return audit(acked, [...records, unseen]).acknowledgedLost;
};

it('what nobody was shown is looked for in the log, from the first such place to the last', async () => {
  const { api, asked } = logOf({ 2: 12, 3: 13, 4: 14, 5: 15 });
  expect(await verdictOf(api)).toBe(0);
  expect(asked).toEqual(['/channels/b/messages?after=2&limit=200', '/channels/b/messages?after=3&limit=200']);
});

it('what is not there, or is something else there, was acknowledged and is lost', async () => {
  expect(await verdictOf(logOf({ 2: 12, 3: 13, 5: 15 }).api)).toBe(1);
  expect(await verdictOf(logOf({ 2: 12, 3: 99, 4: 14 }).api)).toBe(1);
  expect(await verdictOf(logOf({}).api)).toBe(2);
});

it('nobody is asked where everything was shown', async () => {
  const { api, asked } = logOf({});
  const shown = [[undefined, Int32Array.of(-1, -1, 12, 13, 14, 15)]];
  await readUnseen({ api, channels, acked, records: shown, marker });
  expect(asked).toEqual([]);
});
