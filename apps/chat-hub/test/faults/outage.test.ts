import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, startProxy, until } from '@parley/services';
import { expect, test } from 'vitest';
import { deploy } from '../support/deployment.ts';
import { begin } from '../support/trial.ts';
import { sound } from '../support/verdict.ts';
import { trySending } from '../support/try-sending.ts';

test(
  'while Postgres is dead, hung or cut off, sends are refused clearly; afterwards nothing is lost, doubled or out of order',
  { timeout: 240_000 },
  async () => {
    await using server = await startPostgres();
    await using proxy = await startProxy({ target: server });
    const { port, host } = proxy;
    const env = { DATABASE_URL: `postgres://postgres@${host}:${port}/postgres` };
    await using deployment = await deploy({ nodes: 2, env });
    const { owner, nodes } = deployment;
    await using trial = await begin(deployment);
    const { traffic, receivers, channels } = trial;
    const [first] = nodes;
    const attempt = {
      url: first?.url ?? '',
      token: deployment.workspace.owner.token,
      channelId: channels[0] ?? '',
    };
    await traffic.more(40);

    await server.kill();
    expect(await trySending(attempt)).toEqual({ status: 503, code: 'UNAVAILABLE', retryAfter: '1' });
    const readiness = await fetch(`${attempt.url}/readyz`);
    expect(readiness.status).toBe(503);
    await server.restart({ data: 'keep' });
    await traffic.more(40);

    await server.pause();
    // Longer than any call may take.
    await sleep(9_000);
    expect(await trySending(attempt)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    await server.resume();
    await traffic.more(40);

    for (let round = 0; round < 4; round += 1) {
      proxy.cut();
      await traffic.more(15);
    }
    // A server that came back is the same history: nobody had to begin anew.
    const { epoch } = receivers;
    expect(await trial.judge()).toEqual(sound);
    expect(receivers.gaps).toBe(0);
    expect(epoch).toBe(
      (await owner.call('listMessages', { params: { channelId: channels[0] ?? '' }, query: {} })).epoch,
    );
    await until(async () => (await fetch(`${attempt.url}/readyz`)).ok, { what: 'the node is ready again' });
  },
);
