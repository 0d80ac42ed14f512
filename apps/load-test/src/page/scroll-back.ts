import type { Page } from '@parley/services';

const stepPixels = 600;
const stepsPerLook = 5;
const mostSteps = 400;

/** Turns the wheel towards the beginning until it is seen, or long enough: a page draws what is in view and a little around it. */
export async function scrollBack(page: Page, isSeen: () => Promise<boolean>): Promise<void> {
  await page.locator('[role="log"]:has([data-message])').first().hover();
  for (let step = 1; step <= mostSteps; step += 1) {
    await page.mouse.wheel(0, -stepPixels);
    // As long as a picture takes: what was asked for is drawn.
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => resolve()))');
    if (step % stepsPerLook === 0 && (await isSeen())) return;
  }
}
