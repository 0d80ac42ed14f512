import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, type PostgresServer } from '@parley/services';
import { deployed, deploymentLaws } from './deployed.ts';
import { commonDeathLaws } from './laws/deaths.ts';
import { slowLaws } from './laws/slow.ts';
import { presenceFaultLaws } from './laws/presence.ts';
import { withoutBusLaws, type Fault } from './laws/without-bus.ts';

let postgres: PostgresServer;

const hub = deployed(async (own) => {
  postgres = own(await startPostgres());
  return { nodes: 2, env: { DATABASE_URL: postgres.url } };
});

const faults: readonly Fault[] = [
  {
    name: 'Postgres cuts those who listen, again and again',
    begin: async () => {
      for (let i = 0; i < 10; i += 1) {
        await postgres.terminateBackends({ listeners: true });
        await sleep(200);
      }
    },
  },
];

deploymentLaws(hub, () => {
  commonDeathLaws(hub);
  slowLaws(hub);
  withoutBusLaws(hub, faults);
  presenceFaultLaws(hub, faults);
});
