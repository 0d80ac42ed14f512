/**
 * Milliseconds of the machine's own clock, which no correction turns back and which is the same for all processes of it: `performance.now()`
 * counts from the start of each process.
 */
const begun = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export function machineNow(): number {
  return begun + performance.now();
}
