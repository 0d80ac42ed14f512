import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Subject, Subjects } from '../../src/scenario.ts';

const built = fileURLToPath(new URL('../../../../packages/cache-core/dist/index.js', import.meta.url));

/** The first import of a process, as it is published, and what the whole weighs in a bundle. */
export const imports: Subjects = {
  ours: first(() => {
    if (!existsSync(built)) throw new Error('packages/cache-core is not built: npm run build');
    return built;
  }),
  rivals: {
    bentocache: first(() => resolved('bentocache')),
    cacheable: first(() => resolved('cacheable')),
    'cache-manager': first(() => resolved('cache-manager')),
    keyv: first(() => resolved('keyv')),
    'lru-cache': first(() => resolved('lru-cache')),
  },
};

const resolved = (name: string): string => fileURLToPath(import.meta.resolve(name));

function first(locate: () => string): Subject {
  return () => {
    const file = locate();
    let gzipKB = 0;
    return {
      async op() {
        const from = performance.now();
        await import(pathToFileURL(file).href);
        const ms = performance.now() - from;
        gzipKB = await weigh(file);
        return ms;
      },
      figures: () => ({ gzipKB }),
    };
  };
}

/** With everything it brings along but Node's own. */
async function weigh(file: string): Promise<number> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  return gzipSync(outputFiles[0]?.contents ?? '').length / 1000;
}
