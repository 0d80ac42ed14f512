import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, type PostgresServer } from '@parley/services';
import { deployed, deploymentLaws } from './deployed.ts';
import { commonDeathLaws } from './laws/deaths.ts';
import { slowLaws } from './laws/slow.ts';
import { withoutBusLaws } from './laws/without-bus.ts';

let postgres: PostgresServer;

const hub = deployed(async (own) => {
  postgres = own(await startPostgres());
  return { nodes: 2, env: { DATABASE_URL: postgres.url } };
});

deploymentLaws(hub, () => {
  commonDeathLaws(hub);
  slowLaws(hub);
  withoutBusLaws(hub, [
    {
      name: 'Postgres cuts those who listen, again and again',
      begin: async () => {
        for (let i = 0; i < 10; i += 1) {
          await postgres.terminateBackends({ listeners: true });
          await sleep(200);
        }
      },
    },
  ]);
});
