import type { Metrics } from './metrics.ts';

/** Every number of an object of counts, as a metric of its own: `storeHits` becomes `<prefix>_store_hits_total`. */
export function figuresOf(metrics: Metrics, prefix: string, what: string, read: () => object): void {
  for (const [name, value] of Object.entries(read())) {
    if (typeof value !== 'number') continue;
    const metric = `${prefix}_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_total`;
    metrics.total(metric, `${what}: ${name}.`, () => Number(Reflect.get(read(), name)));
  }
}
