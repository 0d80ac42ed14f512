import { mkdir, writeFile } from 'node:fs/promises';
import { chosen } from '../command/chosen.ts';
import { perform, type Output } from '../command/perform.ts';
import { plainRun } from '../command/run-all.ts';
import { keptFile } from '../pages/kept.ts';
import { writePages } from '../pages/write-pages.ts';
import { summaryOf } from '../report/summary.ts';
import { passed } from '../run/result.ts';
import {
  readScaling,
  scalingFormat,
  scalingName,
  type ScalingPoint,
  type ScalingResult,
  type ScalingSeries,
} from './result.ts';
import { allSeries, profileOf, type Series } from './series.ts';

export interface RunScalingOptions {
  readonly only: readonly string[] | undefined;
  readonly docs: URL;
  readonly output: Output;
  readonly print: (text: string) => void;
  /** @default those of the pages */
  readonly series?: readonly Series[];
}

/** Runs one series after the other, each point on a hub of its own; answers whether nothing was lost anywhere. */
export async function runScaling({
  only,
  docs,
  output,
  print,
  series: all = allSeries,
}: RunScalingOptions): Promise<boolean> {
  let whole = true;
  for (const series of chosen(all, only)) {
    const points: ScalingPoint[] = [];
    let found: Pick<ScalingResult, 'began' | 'machine'> = { began: '', machine: '' };
    for (const x of series.xs) {
      const profile = profileOf(series, x);
      output.say(`\n${profile.about}`);
      const { size, ground, nodes } = profile;
      const plan = { profile, size, ground, nodes };
      const result = await perform(plainRun('quick'), output, plan);
      print(summaryOf(result));
      whole &&= passed(result);
      found = result;
      const { metrics, warnings } = result;
      points.push({ x, ...size, ground, nodes, metrics: costsOf(metrics), warnings });
    }
    await keep(docs, found, { name: series.name, points });
  }
  return whole;
}

/** What is told of a point: not all that is known of it. */
const told = /^(?:cpu|memory)\.|perSecond$|^(?:delivery|ack)\.p|^(?:lost|doubled|disordered)$/u;

function costsOf(metrics: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([metric]) => told.test(metric)));
}

/** Beside the series that were measured before. */
async function keep(
  docs: URL,
  { began, machine }: Pick<ScalingResult, 'began' | 'machine'>,
  series: ScalingSeries,
): Promise<void> {
  const file = keptFile(docs, scalingName);
  const before = await readScaling(file).catch(() => undefined);
  const others = before?.series.filter(({ name }) => name !== series.name) ?? [];
  const names = allSeries.map(({ name }) => name);
  const sorted = [...others, series].toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  const result: ScalingResult = { format: scalingFormat, began, machine, series: sorted };
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result)}\n`);
  await writePages(docs);
}
