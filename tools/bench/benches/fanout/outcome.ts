import { Delays } from './delays.ts';
import type { RunReport } from './generator-orders.ts';

/** What came of a run, in figures. */
export interface Outcome {
  readonly delivered: number;
  readonly figures: Readonly<Record<string, number>>;
}

/** What all processes of the generator have seen, put together. */
export function outcomeOf(reports: readonly RunReport[]): Outcome {
  const delays = new Delays();
  const lateness = new Delays();
  for (const report of reports) {
    delays.merge(report.delays);
    lateness.merge(report.lateness);
  }
  const totals = reports.flatMap((report) => report.totals);
  const sum = <T>(all: readonly T[], of: (one: T) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  const delivered = sum(totals, (one) => one.delivered);
  const lost = sum(totals, (one) => one.lost);
  const frames = sum(reports, (one) => one.frames);
  return {
    delivered,
    figures: {
      p50: delays.at(50),
      p99: delays.at(99),
      'p99.9': delays.at(99.9),
      max: delays.at(100),
      lost,
      doubled: sum(totals, (one) => one.doubled),
      disordered: sum(totals, (one) => one.disordered),
      // Who lost something was shown something else, which is told already.
      orders: new Set(totals.filter((one) => one.lost === 0).map((one) => one.order)).size,
      held: sum(reports, (one) => one.inTime) / (delivered + lost),
      acked: sum(reports, (one) => one.acked) / sum(reports, (one) => one.sent),
      messagesPerFrame: delivered / Math.max(1, frames),
      bytesPerDelivery: sum(reports, (one) => one.bytes) / Math.max(1, delivered),
      generatorBusy: Math.max(...reports.map((one) => one.busy)),
      generatorLateP99: lateness.at(99),
    },
  };
}
