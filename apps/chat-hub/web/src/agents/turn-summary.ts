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

export interface Details {
  readonly tool: string | undefined;
  /** What it was called with, what came of it, and whatever else there is. */
  readonly parts: readonly { readonly name: string; readonly text: string }[];
}

const toolNames = new Set(['tool', 'toolName', 'tool_name', 'name']);
const argumentNames = new Set(['arguments', 'args', 'input', 'parameters']);
const resultNames = new Set(['result', 'output']);

/** Agents agree on what an action is made of, and not on what it is called. */
export function detailsOf(data: Message['data']): Details {
  const entries = Object.entries(data ?? {});
  const tool = entries.find(([name, value]) => toolNames.has(name) && typeof value === 'string');
  const rank = (name: string): number => (argumentNames.has(name) ? 0 : resultNames.has(name) ? 1 : 2);
  const parts = entries
    .filter((entry) => entry !== tool)
    .toSorted(([one], [other]) => rank(one) - rank(other))
    .map(([name, value]) => ({ name: titleOf(name), text: textOf(value) }));
  return { tool: tool === undefined ? undefined : String(tool[1]), parts };
}

function titleOf(name: string): string {
  if (argumentNames.has(name)) return 'Arguments';
  return resultNames.has(name) ? 'Result' : name;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
