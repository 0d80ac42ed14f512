// Says what of limits, locks and sessions is loaded when Parley is open, and when a limiter was made.
import { registerHooks } from 'node:module';

const seen = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const [, part] = /\/packages\/(ratelimit|cache-core\/src\/(?:lock|session))\//.exec(url) ?? [];
    if (part !== undefined) seen.add(part);
    return nextLoad(url, context);
  },
});
const told = (): string => `${[...seen].toSorted().join(' ')}\n`;

const { openParley } = await import('@parley/runtime');
const { limiter, close } = await openParley(process.env);
process.stdout.write(told());
await limiter({ rules: { a: { limit: 1, per: '1s' } } });
process.stdout.write(told());
await close();
