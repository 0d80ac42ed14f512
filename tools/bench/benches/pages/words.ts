import { percent, short } from '../../src/table.ts';
import type { Results, ScenarioResult } from './results.ts';

const calmBelow = 2;

/** When and where, and what speaks against the figures. */
export function measuredBy(bench: string, meta: Results['meta']): string {
  const busy = meta.load >= calmBelow;
  return `Measured by \`npm run bench -- ${bench}\` on ${meta.date.slice(0, 10)}: Node ${meta.node.replace(/^v/, '')}, ${meta.cores} cores of ${meta.cpu}, servers on
the same machine, load ${meta.load.toFixed(1)} at the end.${busy ? ' The machine did other work meanwhile: prefer the ratios to the figures, and repeat what you want to quote.' : ''}${meta.quick ? ' Rounds were short: do not quote these figures.' : ''}`;
}

export const figure = (value: number | null | undefined): string =>
  value === undefined ? '' : value === null ? 'failed' : short(value);

/** The losses first; what we are level with is no victory either. */
export function sentences(scenarios: readonly ScenarioResult[]): string[] {
  const duels = scenarios.flatMap(duelsOf);
  const losses = duels.flatMap(({ lost, text }) => (lost ? [text] : []));
  return [
    ...(losses.length === 0 ? ['We lose to no rival beyond the spread of the rounds.'] : losses),
    ...duels.flatMap(({ lost, text }) => (lost ? [] : [text])),
    ...scenarios.flatMap(({ id, goals }) =>
      goals
        .filter(({ met }) => !met)
        .map(({ goal, actual }) => `Goal missed in \`${id}\`: ${goal}; it is ${figure(actual)}.`),
    ),
    ...scenarios.flatMap(({ id, doubts = [] }) => doubts.map((doubt) => `In \`${id}\`, ${doubt}.`)),
    ...scenarios.flatMap(({ id, subjects }) =>
      Object.entries(subjects).flatMap(([name, { failure }]) =>
        failure === undefined ? [] : [`${name} failed in \`${id}\`: ${failure.split('\n')[0]}`],
      ),
    ),
  ];
}

interface Duel {
  readonly text: string;
  readonly lost: boolean;
}

function duelsOf({ id, better, rivals, ratios }: ScenarioResult): Duel[] {
  if (better === 'equal') return [];
  return Object.keys(rivals).flatMap((name): Duel[] => {
    const ratio = ratios[name];
    if (ratio === undefined) return [];
    const behind = better === 'higher' ? 1 - ratio.ratio : ratio.ratio - 1;
    if (Math.abs(behind) <= ratio.spread)
      return [{ text: `Level with ${name} in \`${id}\`, within the spread.`, lost: false }];
    return behind > 0 ? [{ text: `We lose to ${name} in \`${id}\` by ${percent(behind)}.`, lost: true }] : [];
  });
}

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
