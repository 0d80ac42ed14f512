import type { Locator } from 'playwright-core';

const tries = 10;
const pressMs = 3_000;

/** Points at something until what is there as long as one does is seen. */
export async function pointUntil(row: Locator, shown: Locator): Promise<void> {
  for (let left = tries; ; left -= 1) {
    await row.hover();
    try {
      return await shown.waitFor({ timeout: pressMs });
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/**
 * Points at something and presses a button that is there as long as one does. A picture that has come or a row that has moved takes what was
 * pointed at away from under the pointer: then, as a person would, it is pointed at again.
 */
export async function pressOn(row: Locator, button: Locator): Promise<void> {
  for (let left = tries; ; left -= 1) {
    await row.hover();
    try {
      return await button.click({ timeout: pressMs });
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}
