import type { Order, Report } from './protocol.ts';
import { Worker } from './worker.ts';

const tellMs = 1_000;

let worker: Worker | undefined;
let telling: NodeJS.Timeout | undefined;

function tell(report: Report): void {
  process.send?.(report);
}

function working(): Worker {
  if (worker === undefined) throw new Error('nobody is connected yet');
  return worker;
}

async function obey(order: Order): Promise<void> {
  if (order.do === 'connect') {
    worker = new Worker(order.plan);
    await worker.connect();
    tell({ told: 'connected' });
  } else if (order.do === 'run') {
    telling = setInterval(() => tell({ told: 'interval', ...working().interval() }), tellMs);
    tell({ told: 'sent', ...(await working().run(order)) });
  } else if (order.do === 'cut') working().cut(order.agents);
  else if (order.do === 'stall') working().stall(order.agents, order.still);
  else if (order.do === 'resume') working().resume(order.since);
  else if (order.do === 'settle') {
    const outcome = await working().settle(order.heads, order.withinMs);
    clearInterval(telling);
    tell({ told: 'outcome', ...outcome });
  } else {
    clearInterval(telling);
    worker?.end();
    process.disconnect();
  }
}

process.on('message', (order: Order) => {
  obey(order).catch((error: unknown) =>
    tell({ told: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

// Whoever started it is gone, and what it says is heard by nobody.
process.on('disconnect', () => process.exit());
