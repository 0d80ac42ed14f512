import { expect, test } from 'vitest';
import type { Deployment } from '../../support/deployment.ts';

/** Of what loggers call an error: not what is wrong around the hub, but what should not happen in it. */
const error = 50;

/** What holds at the end of everything else. */
export function calmLaw(deployed: () => Deployment): void {
  test('in all of this no node has met a defect of its own', async () => {
    const outputs = await Promise.all(deployed().nodes.map((node) => node.output()));
    const lines = outputs.flatMap((output) => output.split('\n'));
    const told = lines.filter((line) => line.startsWith('{')).map((line) => ({ line, ...levelOf(line) }));
    // They are heard.
    expect(told).not.toEqual([]);
    expect(told.filter(({ level = error }) => level >= error).map(({ line }) => line)).toEqual([]);
    // What ends a process is told without a logger.
    expect(lines.filter((line) => /^\s+at /.test(line))).toEqual([]);
  });
}

function levelOf(line: string): { readonly level?: number } {
  const { level }: { level?: number } = JSON.parse(line);
  return level === undefined ? {} : { level };
}
