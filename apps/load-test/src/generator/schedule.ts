import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { machineNow } from '../measure/clock.ts';

export interface ScheduleOptions {
  /** Calls in a second. */
  readonly rate: number;
  /** By the clock of the machine. */
  readonly from: number;
  readonly until: number;
  /** The nth call, counted from 0, and when it was due. It must not wait. */
  readonly call: (nth: number, due: number) => void;
  /** Asked between calls. @default never */
  readonly stopped?: () => boolean;
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** Others must be heard in between, however late the calls are. */
const mostInARow = 32;

/**
 * An open loop: each call is made when it is due, whatever became of those before. Whoever is late does what was missed at once and is not
 * forgiven the delay, because every time is taken from the moment at which something was due.
 */
export async function runSchedule({
  rate,
  from,
  until,
  call,
  stopped = () => false,
  now = machineNow,
  wait = (ms) => (ms <= 0 ? setImmediate() : sleep(ms)),
}: ScheduleOptions): Promise<number> {
  if (rate <= 0) return 0;
  const gap = 1_000 / rate;
  const total = Math.max(0, Math.ceil((until - from) / gap));
  let nth = 0;
  while (nth < total && !stopped()) {
    const due = from + nth * gap;
    const early = due - now();
    if (early > 0) await wait(early);
    else {
      call(nth, due);
      nth += 1;
      if (nth % mostInARow === 0) await wait(0);
    }
  }
  return nth;
}
