import { bestRival, noisyFrom, rivalsOf, standingNamed } from './summary.ts';
import type { Standing, Summary } from './summary.ts';
import { percent, short, table } from './table.ts';

/** Everything that is printed at the end of a run. */
export function report(summaries: readonly Summary[], quick: boolean): string {
  return [overview(summaries), details(summaries), sentences(summaries, quick).join('\n')].join('\n\n');
}

function overview(summaries: readonly Summary[]): string {
  const head = [
    'scenario',
    'unit',
    'ours',
    'floor',
    'rivals',
    'to floor',
    'to best rival',
    'spread',
    'goals',
  ];
  const rows = summaries.map((summary) => {
    const best = bestRival(summary);
    return [
      summary.id,
      summary.unit,
      figure(standingNamed(summary, 'ours')),
      figure(standingNamed(summary, 'floor')),
      rivalsOf(summary)
        .map((rival) => `${rival.name} ${figure(rival)}`)
        .join(', '),
      ratio(standingNamed(summary, 'floor')),
      best ? `${ratio(best)} ${best.name}` : '-',
      `±${percent(summary.spread)}${summary.spread > noisyFrom ? ' noisy' : ''}`,
      verdict(summary),
    ];
  });
  return table(head, rows);
}

const latencyColumns = ['p50', 'p90', 'p99', 'p99.9', 'max'];
const processColumns = ['cpuSeconds', 'opsPerCpuSecond', 'serverCpuSeconds', 'heapMB', 'rssMB'];
const detailColumns = [...latencyColumns, ...processColumns];

/** Of interest only to who reads the JSON. */
const notShown = new Set(['opsPerSecond', 'externalMB']);

function details(summaries: readonly Summary[]): string {
  const all = summaries.flatMap(({ standings }) => standings);
  const columns = detailColumns.filter((name) => all.some(({ figures }) => figures[name] !== undefined));
  const rows = summaries.flatMap(({ id, standings }) =>
    standings.map(({ name, sample, figures }) => [
      id,
      name,
      sample ? `±${percent(sample.spread)}` : '-',
      sample ? short(sample.min) : '-',
      sample ? short(sample.max) : '-',
      ...columns.map((column) => (figures[column] === undefined ? '-' : short(figures[column]))),
      Object.entries(figures)
        .filter(([key]) => !detailColumns.includes(key) && !notShown.has(key))
        .map(([key, value]) => `${key} ${short(value)}`)
        .join(', '),
    ]),
  );
  const titles = columns.map((name) => (name === 'max' ? 'longest' : name));
  return table(['scenario', 'subject', 'spread', 'min', 'max', ...titles, ''], rows);
}

/** What a reader must not overlook, the losses first. */
export function sentences(summaries: readonly Summary[], quick: boolean): string[] {
  const duels = summaries.flatMap(duelsOf);
  const met = summaries.some(
    ({ better, standings }) =>
      better !== 'equal' && standings.some(({ role, ratio }) => role === 'rival' && ratio),
  );
  return [
    ...(met && !duels.some(({ lost }) => lost) ? ['We lose to no rival.'] : []),
    ...duels.toSorted((a, b) => Number(b.lost) - Number(a.lost)).map(({ text }) => text),
    ...summaries.flatMap(({ id, goals }) =>
      goals
        .filter(({ met }) => !met)
        .map(
          ({ goal, actual }) =>
            `Goal missed in ${id}: ${goal}; it is ${actual === undefined ? 'unknown' : short(actual)}.`,
        ),
    ),
    ...summaries.flatMap(({ id, doubts }) => doubts.map((doubt) => `Doubt in ${id}: ${doubt}.`)),
    ...summaries
      .filter(({ spread }) => spread > noisyFrom)
      .map(({ id, spread }) => `${id} is noisy: its rounds lie ±${percent(spread)} apart. Do not quote it.`),
    ...summaries.flatMap(({ id, standings }) =>
      standings.flatMap(({ name, failure }) =>
        failure === undefined ? [] : [`Failed in ${id}: ${name} ${failure}`],
      ),
    ),
    ...(quick ? ['Quick rounds show that the scenarios work. Do not quote their figures.'] : []),
  ];
}

interface Duel {
  readonly text: string;
  readonly lost: boolean;
}

/** Against each rival; a victory goes without saying. */
function duelsOf(summary: Summary): Duel[] {
  if (summary.better === 'equal') return [];
  return rivalsOf(summary).flatMap(({ name, ratio }): Duel[] => {
    if (!ratio) return [];
    const behind = summary.better === 'higher' ? 1 - ratio.median : ratio.median - 1;
    if (Math.abs(behind) <= ratio.spread) {
      const text = `We are level with ${name} in ${summary.id}: the ratios of the rounds lie ±${percent(ratio.spread)} apart.`;
      return [{ text, lost: false }];
    }
    return behind > 0
      ? [{ text: `We lose in ${summary.id} to ${name} by ${percent(behind)}.`, lost: true }]
      : [];
  });
}

function figure(standing: Standing | undefined): string {
  if (!standing) return '-';
  return standing.sample ? short(standing.sample.median) : 'failed';
}

function ratio(standing: Standing | undefined): string {
  return standing?.ratio ? `${short(standing.ratio.median)}x` : '-';
}

function verdict({ goals }: Summary): string {
  const missed = goals.filter(({ met }) => !met).length;
  if (goals.length === 0) return '-';
  return missed === 0 ? 'met' : `missed ${missed} of ${goals.length}`;
}
