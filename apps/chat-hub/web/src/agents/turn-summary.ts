import type { Message } from '@parley/hub-protocol';
import { lasting } from '../timeline/times.ts';

const counted = (count: number, one: string): string => (count === 1 ? one : `${count} ${one}s`);

/** `thought, 3 actions · 12 s`. */
export function turnSummary(steps: readonly Message[]): string {
  const actions = steps.filter(({ kind }) => kind === 'action').length;
  const thoughts = steps.length - actions;
  const parts = [
    ...(thoughts > 0 ? [counted(thoughts, 'thought')] : []),
    ...(actions > 0 ? [counted(actions, 'action')] : []),
  ];
  const first = steps[0]?.timestamp ?? 0;
  const last = steps.at(-1)?.timestamp ?? first;
  return steps.length < 2 ? parts.join(', ') : `${parts.join(', ')} · ${lasting(last - first)}`;
}
