export interface Doubts {
  readonly metrics: Readonly<Record<string, number>>;
  readonly processors: number;
  readonly workers: number;
  readonly onOneMachine: boolean;
}

const lateMs = 20;
const busy = 0.9;
/** Of a processor. What shows progress takes a little. */
const disturbing = 0.3;

/** What to know before the figures are believed: whether it was the generator that could not do more. */
export function warningsOf({ metrics, processors, workers, onOneMachine }: Doubts): string[] {
  const warnings: string[] = [];
  const late = metrics['lateness.p99'] ?? 0;
  if (late > lateMs)
    warnings.push(
      `The generator itself was late: 1 of 100 messages by more than ${late.toFixed(1)} ms, which is contained in every time.`,
    );
  const used = (metrics['cpu.generator'] ?? 0) / workers;
  if (used > busy)
    warnings.push(
      `The generator was the limit: its processes were busy for ${(used * 100).toFixed(0)} % of the time.`,
    );
  const other = metrics['cpu.other'] ?? 0;
  if (onOneMachine && other > disturbing)
    warnings.push(`The machine did something else beside: ${other.toFixed(2)} processors were busy with it.`);
  const all = ['hub', 'redis', 'postgres', 'generator', 'browser', 'other'].reduce(
    (sum, role) => sum + (metrics[`cpu.${role}`] ?? 0),
    0,
  );
  if (onOneMachine && all > processors * busy)
    warnings.push(
      `The machine was the limit: ${all.toFixed(2)} of ${processors} processors were busy, ${(metrics['cpu.generator'] ?? 0).toFixed(2)} of them with the generator.`,
    );
  return warnings;
}
