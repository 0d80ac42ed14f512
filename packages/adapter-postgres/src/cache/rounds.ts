import { StoreFault } from '@parley/cache-core/kernel';
import type { RecordToWrite } from '@parley/cache-core';

/** Cuts a list so that no name comes twice in a part; nearly always into one. A statement can change a row only once. */
export function withoutRepeats<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
): readonly (readonly T[])[] {
  const rounds: { readonly names: Set<string>; readonly items: T[] }[] = [];
  for (const item of items) {
    const name = nameOf(item);
    let round = rounds.find(({ names }) => !names.has(name));
    if (round === undefined) rounds.push((round = { names: new Set(), items: [] }));
    round.names.add(name);
    round.items.push(item);
  }
  return rounds.map((round) => round.items);
}

/** Cuts records so that one statement does not carry more than a few megabytes, unless a single record does. */
export function bySize<T extends RecordToWrite>(
  records: readonly T[],
  maxBytes = 8 * 1024 * 1024,
): readonly (readonly T[])[] {
  const parts: T[][] = [];
  let room = 0;
  for (const record of records) {
    const part = parts.at(-1);
    if (part === undefined || record.bytes.byteLength > room) {
      parts.push([record]);
      room = maxBytes;
    } else {
      part.push(record);
    }
    room -= record.bytes.byteLength;
  }
  return parts;
}

/**
 * Asks again for what was left without an answer, until all have one. Of several requests whose keys share a hash a statement answers
 * one, so each round answers something.
 */
export async function untilAnswered<T, R extends object | number>(
  requests: readonly T[],
  ask: (open: readonly T[]) => Promise<ReadonlyMap<T, R>>,
): Promise<R[]> {
  const answers = new Map<T, R>();
  let open = [...new Set(requests)];
  while (open.length > 0) {
    for (const [request, answer] of await ask(open)) answers.set(request, answer);
    const left = open.filter((request) => !answers.has(request));
    if (left.length === open.length) throw new StoreFault('Postgres: a request was left without an answer');
    open = left;
  }
  return requests.flatMap((request) => {
    const answer = answers.get(request);
    return answer === undefined ? [] : [answer];
  });
}
