import type { Order, Told } from './generator-orders.ts';
import { GeneratorWorker } from './generator-worker.ts';

let worker: GeneratorWorker | undefined;

async function obey(order: Order): Promise<Told> {
  if (order.do === 'connect') {
    worker = new GeneratorWorker(order.plan);
    await worker.connect();
    return { told: 'connected' };
  }
  if (worker === undefined) throw new Error('nobody is connected yet');
  return { told: 'ran', report: await worker.run(order.plan) };
}

process.on('message', (order: Order) => {
  obey(order)
    .catch((error: unknown): Told => ({
      told: 'failed',
      error: error instanceof Error ? error.message : String(error),
    }))
    .then((told) => process.send?.(told))
    .catch(() => process.exit(1));
});

// Whoever started it is done with it, or gone.
process.on('disconnect', () => {
  worker?.close();
  process.exit();
});
