// Prints what a program that uses a server loads of the embedded database.
import { registerHooks } from 'node:module';

const loaded: string[] = [];
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (resolved.url.includes('pglite')) loaded.push(specifier);
    return resolved;
  },
});
const { connectPostgres } = await import('@parley/adapter-postgres');
const { postgresCacheStore } = await import('@parley/adapter-postgres/cache');
const db = connectPostgres({ url: process.argv[2] ?? '' });
const store = postgresCacheStore(db, { schema: 'loading' });
await store.read(['k']);
console.log(JSON.stringify(loaded.filter((specifier) => !specifier.startsWith('.'))));
