import type { Notice } from '@parley/cache-core';
import { expect, test } from 'vitest';
import { NoticeStream } from '../../src/cache/notice-stream.ts';

function listen() {
  const heard: string[] = [];
  const broken: string[] = [];
  const stream = new NoticeStream(
    (notice: Notice) => heard.push(...notice.keys.map(([key]) => key)),
    (why) => broken.push(why),
  );
  return { stream, heard, broken };
}

const sent = (position: number, key: string, life = 'life'): string =>
  `${life} ${position} [1,"o",[["${key} with spaces",${position}]],[]]`;

test('notices are delivered in their order, from where the listener began', () => {
  const { stream, heard, broken } = listen();
  stream.begin({ life: 'life', position: 4 });
  for (const position of [3, 4, 5, 6]) stream.hear(sent(position, `k${position}`));
  expect(heard).toEqual(['k5 with spaces', 'k6 with spaces']);
  expect(broken).toEqual([]);
  expect(stream.reached({ life: 'life', position: 6 })).toBe(true);
  expect(stream.reached({ life: 'life', position: 7 })).toBe(false);
  expect(stream.reached({ life: 'other', position: 6 })).toBe(false);
});

test('what comes before it is known where to begin is kept until then', () => {
  const { stream, heard } = listen();
  stream.hear(sent(4, 'early'));
  stream.hear(sent(5, 'late'));
  expect(stream.reached({ life: 'life', position: 1 })).toBe(false);
  stream.begin({ life: 'life', position: 4 });
  expect(heard).toEqual(['late with spaces']);
});

test.each([
  ['a hole', sent(6, 'k')],
  ['another life', sent(5, 'k', 'other')],
  ['a notice of a later version', 'life 5 [2,"o",{}]'],
  ['a call to forget', 'life 5 !'],
  ['rubbish', 'rubbish'],
])('%s breaks the stream', (_, payload) => {
  const { stream, heard, broken } = listen();
  stream.begin({ life: 'life', position: 4 });
  stream.hear(payload);
  expect(broken).toHaveLength(1);
  expect(heard).toEqual([]);
});
