import { afterAll, beforeAll } from 'vitest';
import { deploy, type Deployment, type DeploymentOptions } from '../support/deployment.ts';
import { calmLaw } from './laws/calm.ts';
import { administrationLaws } from './laws/administration.ts';
import { deathLaws } from './laws/deaths.ts';
import { ordinaryDay } from './laws/ordinary-day.ts';
import { presenceLaws } from './laws/presence.ts';
import { reconnectLaws } from './laws/reconnects.ts';
import { searchLaws } from './laws/search.ts';
import { streamLaw } from './laws/streams.ts';

/** Takes charge of a server, which ends with the deployment. */
type Own = <T extends AsyncDisposable>(server: T) => T;

/** One deployment for all tests of a file, with the servers below it. */
export function deployed(prepare: (own: Own) => Promise<DeploymentOptions>): () => Deployment {
  const servers: AsyncDisposable[] = [];
  let deployment: Deployment | undefined;
  beforeAll(async () => {
    const options = await prepare((server) => {
      servers.push(server);
      return server;
    });
    deployment = await deploy(options);
  }, 180_000);
  afterAll(async () => {
    await deployment?.[Symbol.asyncDispose]();
    for (const server of servers.toReversed()) await server[Symbol.asyncDispose]();
  }, 120_000);
  return () => {
    if (deployment === undefined) throw new Error('nothing is deployed');
    return deployment;
  };
}

/** What holds in every deployment, and `more` in this one. */
export function deploymentLaws(deployed: () => Deployment, more: () => void = () => undefined): void {
  ordinaryDay(deployed);
  deathLaws(deployed);
  reconnectLaws(deployed);
  streamLaw(deployed);
  presenceLaws(deployed);
  administrationLaws(deployed);
  searchLaws(deployed);
  more();
  calmLaw(deployed);
}
