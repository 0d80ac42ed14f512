import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@parley/services';
import sharp from 'sharp';
import { buildPages } from '../../src/program/build-pages.ts';
import { openDemoWorld, type DemoWorld } from '../support/demo-world.ts';
import { requireFonts } from './fonts.ts';
import { shots, type Shot, type Theme } from './shots.ts';

/** The pictures of the documentation, taken of the demo at a time of day that is always the same. */
const standard = fileURLToPath(new URL('../../../../docs/public/screenshots/', import.meta.url));
const folder = process.argv[2] ?? standard;
const mostBytes = 250_000;
/** Of this day: cookies end by the clock of the browser, which is another one. */
const moment = new Date().setHours(10, 24, 30, 0);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** From here on it is that moment, and time goes on. Everything is in this process, the database too. */
function setClock(): void {
  const real = Date.now.bind(Date);
  const shift = moment - real();
  Date.now = () => real() + shift;
}

async function main(): Promise<void> {
  await buildPages({ say });
  setClock();
  await mkdir(folder, { recursive: true });
  await using demo = await openDemoWorld();
  for (const shot of shots) for (const theme of shot.themes) await take(demo, shot, theme);
}

async function take(demo: DemoWorld, { name, size, hash, act }: Shot, theme: Theme): Promise<void> {
  const { page } = await demo.enter(hash(demo.scenery), {
    viewport: size,
    deviceScaleFactor: 2,
    colorScheme: theme,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  await requireFonts(page);
  await page.clock.install({ time: Date.now() });
  await page.reload({ waitUntil: 'networkidle' });
  await act?.(page);
  const busy = page.locator('[aria-busy=true]');
  await busy.first().waitFor({ state: 'detached', timeout: 10_000 });
  // Pictures are shown as soon as they are whole; those out of view are not even asked for.
  const whole = `[...document.images].every((image) => {
    const { top, bottom, left, right } = image.getBoundingClientRect();
    const isOut = bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth;
    return isOut || image.complete;
  })`;
  await until(() => page.evaluate<boolean>(whole), { what: 'all pictures are whole', deadline: 10_000 });
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const bytes = await sharp(png).webp({ quality: 82, effort: 6 }).toBuffer();
  const file = `${name}-${theme}.webp`;
  if (bytes.length > mostBytes) throw new Error(`${file} has ${bytes.length} bytes, more than ${mostBytes}`);
  await writeFile(join(folder, file), bytes);
  say(`${file}  ${Math.round(bytes.length / 1_024)} kB`);
  await page.context().close();
}

await main();
