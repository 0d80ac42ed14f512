export interface Area {
  readonly name: string;
  readonly prefix: string;
  readonly count: number;
}

/** Every promise that Parley was started for. The table may add none and lose none without this list being changed on purpose. */
export const areas: readonly Area[] = [
  { name: 'Cache', prefix: 'C', count: 17 },
  { name: 'Bus', prefix: 'B', count: 10 },
  { name: 'Presence and typing', prefix: 'P', count: 8 },
  { name: 'Limits, locks, sessions', prefix: 'L', count: 7 },
  { name: 'Chat hub', prefix: 'H', count: 18 },
  { name: 'Load test', prefix: 'T', count: 4 },
  { name: 'Operations', prefix: 'O', count: 12 },
];

export function idsOf({ prefix, count }: Area): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}
