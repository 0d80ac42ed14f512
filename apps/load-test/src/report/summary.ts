import { ms } from '../command/progress.ts';
import { passed, type Result } from '../run/result.ts';
import { figure, goalOf, headline, withUnit } from './figures.ts';

/** What is shown at the end of a run. */
export function summaryOf(result: Result): string {
  const { metrics, times, verdicts } = result;
  const of = (metric: string): string => figure(metrics[metric] ?? 0);
  const time = (name: keyof typeof times): string[] => {
    const found = times[name];
    if (found === undefined) return [];
    return [`  ${name.padEnd(10)} p50 ${ms(found.p50)}, p99 ${ms(found.p99)}, max ${ms(found.max)}`];
  };
  const missed = verdicts.filter(({ met }) => !met);
  return [
    '',
    headline(result),
    `  ${of('sent')} sent, ${of('acked')} acknowledged, ${of('delivered')} delivered (${of('delivered.perSecond')}/s)`,
    `  ${of('lost')} lost, ${of('doubled')} doubled, ${of('disordered')} out of order, ${of('acknowledgedLost')} acknowledged and lost, ${of('refused')} refused`,
    ...time('delivery'),
    ...time('ack'),
    ...time('typing'),
    ...time('presence'),
    ...time('reconnect'),
    ...time('resume'),
    ...time('painted'),
    ...time('key'),
    ...time('keyPainted'),
    ...time('lateness'),
    ...(['hub', 'redis', 'postgres', 'generator', 'browser'] as const)
      .filter((role) => metrics[`cpu.${role}`] !== undefined)
      .map((role) => `  ${role.padEnd(10)} ${of(`cpu.${role}`)} processors, ${of(`memory.${role}`)} MB`),
    ...Object.entries(result.refusals).map(([code, count]) => `  refused with ${code}: ${figure(count)}`),
    ...result.warnings.map((warning) => `  ${warning}`),
    ...result.problems.slice(0, 5).map((problem) => `  ${problem}`),
    ...missed.map(
      ({ metric, value, ...goal }) =>
        `  MISSED ${metric}: ${withUnit(metric, value)}, ${goalOf(goal, metric)}`,
    ),
    passed(result) ? `  all ${verdicts.length} objectives met` : '',
  ]
    .filter((line, i) => i === 0 || line !== '')
    .join('\n');
}
