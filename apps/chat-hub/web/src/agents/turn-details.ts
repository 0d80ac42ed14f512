import type { Message } from '@parley/hub-protocol';

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
