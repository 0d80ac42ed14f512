import { buildPages } from '../src/program/build-pages.ts';

/** Hubs serve what is built before they start. */
export async function setup(): Promise<void> {
  await buildPages();
}
