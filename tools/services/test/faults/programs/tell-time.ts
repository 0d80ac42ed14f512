import { setTimeout as sleep } from 'node:timers/promises';

const [waitMs = '0'] = process.argv.slice(2);
const started = { wall: Date.now(), monotonic: performance.now() };
await sleep(Number(waitMs));
process.stdout.write(
  JSON.stringify({
    now: started.wall,
    wall: Date.now() - started.wall,
    monotonic: performance.now() - started.monotonic,
  }),
);
