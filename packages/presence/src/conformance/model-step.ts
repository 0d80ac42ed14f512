/** One thing that somebody does, made of numbers so that any generator can draw and shrink it. */
export type ModelStep =
  | { readonly do: 'set' | 'remove'; readonly by: number; readonly items: readonly ModelItem[] }
  | { readonly do: 'beat' | 'crash' | 'end' | 'renew' | 'late' | 'start'; readonly by: number }
  | { readonly do: 'reap'; readonly limit: number }
  | { readonly do: 'read'; readonly channel: number }
  | { readonly do: 'lose' };

export interface ModelItem {
  readonly channel: number;
  readonly user: number;
  readonly id: number;
  readonly rank: number;
  readonly value: number;
  readonly kind: number;
}

export const parties = 4;
export const sizes = { channel: 4, user: 3, id: 3, rank: 3, value: 3, kind: 12 };

/** How many numbers make a step; each is a whole number from 0 on. */
export const modelNumbers = 8;

/** A step out of numbers. */
export function modelStep(numbers: readonly number[]): ModelStep {
  const [what = 0, by = 0, ...rest] = numbers;
  const item = (from: number): ModelItem => {
    const number = (i: number): number => Math.abs(rest[(from + i) % rest.length] ?? 0);
    const sum = number(0) + number(1) * 7;
    return {
      channel: number(0) % sizes.channel,
      user: number(1) % sizes.user,
      id: number(2) % sizes.id,
      rank: number(3) % sizes.rank,
      value: number(4) % sizes.value,
      kind: (number(5) + sum) % sizes.kind,
    };
  };
  const party = by % parties;
  const count = 1 + (by % 3);
  const items = Array.from({ length: count }, (_, i) => item(i));
  const choice = what % 32;
  if (choice < 13) return { do: 'set', by: party, items };
  if (choice < 19) return { do: 'remove', by: party, items };
  if (choice < 22) return { do: 'reap', limit: 1 + (by % 20) };
  if (choice < 24) return { do: 'read', channel: by % sizes.channel };
  const others = ['beat', 'beat', 'crash', 'end', 'renew', 'late', 'start'] as const;
  const other = others[choice - 24];
  return other === undefined ? { do: 'lose' } : { do: other, by: party };
}
