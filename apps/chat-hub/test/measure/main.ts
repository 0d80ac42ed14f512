import { buildPages } from '../../src/program/build-pages.ts';
import { arrival } from './arrival.ts';
import { firstLoad } from './first-load.ts';
import type { OpenMeasurement } from './measurement.ts';
import { racing, scrolling } from './scrolling.ts';
import { typing } from './typing.ts';

/**
 * A program that measures one thing: it says `ready`, and for each message that it is sent it measures a round and sends the figures back. When the
 * one who started it is gone, it ends.
 */
const measurements: Readonly<Record<string, OpenMeasurement>> = {
  'first-load': firstLoad,
  scrolling,
  racing,
  arrival,
  typing,
};

const [name = '', quick] = process.argv.slice(2);
const open = measurements[name];
if (open === undefined) throw new RangeError(`there is no measurement ${name}`);
await buildPages();
const measurement = await open(quick === 'quick');
process.on('message', () => {
  measurement.measure().then(
    (figures) => process.send?.({ figures }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
const end = async (): Promise<void> => {
  await measurement[Symbol.asyncDispose]();
  process.exit(0);
};
process.on('disconnect', () => void end());
process.send?.({ ready: true });
