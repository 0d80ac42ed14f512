import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { isTooLarge, mostPoints } from './too-large.ts';

// Run as a process of its own: a picture comes in, a line with its sides and those of the preview goes out, and then the preview.

const side = 512;

// Of all that can be read, what browsers show.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
  ],
});
sharp.cache(false);
sharp.concurrency(1);

const picture = sharp(await buffer(process.stdin), { limitInputPixels: mostPoints, failOn: 'error' });
const about = await picture.metadata();
if (isTooLarge(about)) process.exit(1);
const { autoOrient } = about;
// Nothing of what cameras write about where and when is left in it.
const { data, info } = await picture
  .autoOrient()
  .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
  .webp({ quality: 75 })
  .toBuffer({ resolveWithObject: true });
process.stdout.write(`${autoOrient.width} ${autoOrient.height} ${info.width} ${info.height}\n`);
process.stdout.write(data);
