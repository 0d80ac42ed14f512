import { startPostgres } from '@parley/services';
import { deployed, deploymentLaws } from './deployed.ts';

deploymentLaws(
  deployed(async (own) => {
    const postgres = own(await startPostgres());
    return { nodes: 2, env: { DATABASE_URL: postgres.url } };
  }),
);
