import { startPostgresPair, startProxy, until, type PostgresPair } from '@parley/services';
import { describe, expect, test, vi } from 'vitest';
import { deploy } from '../support/deployment.ts';
import { begin, type Trial } from '../support/trial.ts';
import { trySending } from '../support/try-sending.ts';
import { sound } from '../support/verdict.ts';

vi.setConfig({ testTimeout: 240_000 });

/** As whoever runs the hub writes it: the hub finds out by itself which of them takes writes. */
function bothOf({ primary, standby }: PostgresPair): string {
  const hosts = [primary, standby].map(({ host, port }) => `${host}:${port}`);
  return `postgres://postgres@${hosts.join(',')}/postgres?target_session_attrs=read-write`;
}

const idsOf = ({ traffic }: Trial): Set<string> => new Set(traffic.acknowledged.map(({ id }) => id));

/** By what each is called in a verdict. */
const namesOf = ({ traffic }: Trial, ids: ReadonlySet<string>): string[] =>
  traffic.acknowledged.filter(({ id }) => ids.has(id)).map(({ content, seq }) => `${content} at ${seq}`);

describe('a standby takes over in the middle of traffic', () => {
  test('a synchronous one: nothing that was acknowledged is lost, and everybody begins a new epoch', async () => {
    await using pair = await startPostgresPair({ synchronous: true });
    await using deployment = await deploy({ nodes: 2, env: { DATABASE_URL: bothOf(pair) } });
    await using trial = await begin(deployment);
    const { traffic, receivers } = trial;
    await traffic.more(40);
    const before = receivers.epoch;
    receivers.expectTurn();
    await pair.primary.kill();
    await pair.promote();
    await traffic.more(40);
    expect(await trial.judge()).toEqual(sound);
    expect(receivers.epoch).not.toBe(before);
  });

  test('an asynchronous one without the last commits: the loss is told, and all show what is left', async () => {
    await using pair = await startPostgresPair({ synchronous: false });
    await using deployment = await deploy({ nodes: 2, env: { DATABASE_URL: bothOf(pair) } });
    await using trial = await begin(deployment);
    const { traffic, receivers } = trial;
    await traffic.more(40);
    const safe = idsOf(trial);
    await pair.caughtUp();
    const before = receivers.epoch;
    // What is committed from here on is with the primary alone.
    pair.link.blackHole();
    await traffic.more(40);
    receivers.expectTurn();
    await pair.primary.kill();
    // What it committed last may still be on its way back. It has come when each node has found that it can add nothing.
    const token = deployment.members[0]?.token ?? '';
    for (const { url } of deployment.nodes) {
      const isRefused = async () =>
        (await trySending({ url, token, channelId: trial.channels[0] ?? '' })).status === 503;
      await until(isRefused, { what: 'it adds no more' });
    }
    let known = -1;
    await until(
      () => {
        const before = known;
        known = traffic.acknowledged.length;
        return known === before;
      },
      { what: 'nothing more is acknowledged', every: 500 },
    );
    const inDanger = new Set([...idsOf(trial)].filter((id) => !safe.has(id)));
    await pair.promote();
    await traffic.more(40);
    const { lost, received, ...rest } = await trial.judge();
    const { lost: _, received: __, ...nothing } = sound;
    expect(rest).toEqual(nothing);
    expect(lost.length).toBeGreaterThan(0);
    const told = lost.filter((name) => !/^and \d+ more$/.test(name));
    expect(namesOf(trial, inDanger)).toEqual(expect.arrayContaining(told));
    expect(received).toEqual([]);
    expect(receivers.epoch).not.toBe(before);
    expect(receivers.gaps).toBeGreaterThan(0);
  });

  test('behind an address that moves, while the old primary only hangs and wakes up again', async () => {
    await using pair = await startPostgresPair({ synchronous: true });
    await using proxy = await startProxy({ target: pair.primary });
    const env = { DATABASE_URL: `postgres://postgres@${proxy.host}:${proxy.port}/postgres` };
    await using deployment = await deploy({ nodes: 2, env });
    await using trial = await begin(deployment);
    const { traffic, receivers } = trial;
    await traffic.more(40);
    receivers.expectTurn();
    await pair.primary.pause();
    await pair.promote();
    proxy.retarget(pair.standby);
    await traffic.more(40);
    await pair.primary.resume();
    await traffic.more(40);
    expect(await trial.judge()).toEqual(sound);
  });
});
