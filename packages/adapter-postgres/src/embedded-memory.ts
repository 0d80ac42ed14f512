import type { PGlite, PGliteOptions } from '@electric-sql/pglite';

/** How a database is opened. */
export type Create = (options: PGliteOptions) => Promise<PGlite>;

let isFirst = true;
let template: Promise<Blob> | undefined;

/**
 * A database of its own in memory. Making one from nothing takes five times as long as copying one that is new: who opens several, as
 * tests do, has the later ones copied. A program that opens one does not pay for a copy that nobody asks for.
 */
export async function openInMemory(create: Create): Promise<PGlite> {
  if (isFirst) {
    isFirst = false;
    return create({});
  }
  template ??= makeTemplate(create).catch((error: unknown) => {
    template = undefined;
    throw error;
  });
  return create({ loadDataDir: await template });
}

async function makeTemplate(create: Create): Promise<Blob> {
  const pg = await create({});
  try {
    return await pg.dumpDataDir('none');
  } finally {
    await pg.close();
  }
}
