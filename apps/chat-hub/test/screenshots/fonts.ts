import type { Page } from 'playwright-core';

/** Fonts without which pictures look like those of nobody, by the package of Debian that has them. */
const wanted = `(() => {
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  pen.font = '24px sans-serif';
  pen.fillText('\u{1F680}', 0, 24);
  const { data } = pen.getImageData(0, 0, 32, 32);
  const isColoured = data.some((value, at) => at % 4 === 0 && value !== data[at + 1]);
  const widthIn = (font) => {
    pen.font = '40px ' + font;
    return pen.measureText('Messages, will it?').width;
  };
  const isInter = widthIn('Inter, monospace') !== widthIn('monospace');
  return [...(isColoured ? [] : ['fonts-noto-color-emoji']), ...(isInter ? [] : ['fonts-inter'])];
})()`;

/** @throws {Error} when the machine has not the fonts that pictures are taken with */
export async function requireFonts(page: Page): Promise<void> {
  const missing = await page.evaluate<string[]>(wanted);
  if (missing.length > 0)
    throw new Error(`fonts are missing, on Debian: apt-get install ${missing.join(' ')}`);
}
