import { randomBytes } from 'node:crypto';
import { chown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startPostgres, startSmallDisk, until, type SmallDisk } from '@parley/services';
import { expect, test, vi } from 'vitest';
import { openTestHub, type TestHub } from '../support/hub.ts';
import { Receivers } from '../support/receivers.ts';
import { overRest, overSocket, Traffic } from '../support/traffic.ts';
import { trySending, type Refusal } from '../support/try-sending.ts';
import { judge, sound, type Trial } from '../support/verdict.ts';

vi.setConfig({ testTimeout: 240_000 });

const refusal = { status: 503, code: 'UNAVAILABLE', retryAfter: '1' };

/** Something that no database makes smaller. */
const noise = (): string => `noise ${randomBytes(7_000).toString('hex')}`;

interface Setting extends AsyncDisposable {
  readonly trial: Trial;
  readonly attempt: (content: string) => Promise<Refusal>;
  readonly isReady: () => Promise<boolean>;
}

/** Two people who write to each other, and both listen. */
async function beginOn(hub: TestHub): Promise<Setting> {
  const url = await hub.hub.listen();
  const [ann, bob, eve] = [
    await hub.user('ann', { role: 'admin' }),
    await hub.user('bob'),
    await hub.user('eve'),
  ];
  const created = await hub.ask('POST', '/channels', {
    token: ann.token,
    body: { kind: 'private', name: 'room', members: [bob.id, eve.id] },
  });
  const { id } = created.json<{ id: string }>();
  const other = await hub.ask('POST', '/channels', {
    token: ann.token,
    body: { kind: 'private', name: 'noise' },
  });
  const channels = [id];
  const receivers = new Receivers();
  const hers = await receivers.addClient('ann', { url, token: ann.token, channels });
  const his = await receivers.addClient('bob', { url, token: bob.token, channels });
  await receivers.addRaw('eve', { url, token: eve.token, channels });
  const traffic = new Traffic({
    senders: [overSocket('ann', hers), overRest('bob', his)],
    channels,
    receivers,
  });
  const noisy = other.json<{ id: string }>().id;
  return {
    trial: { receivers, traffic, channels, reader: hers },
    attempt: (content) => trySending({ url, token: ann.token, channelId: noisy }, content),
    isReady: async () => (await fetch(`${url}/readyz`)).ok,
    async [Symbol.asyncDispose]() {
      const over = traffic.stop();
      await receivers[Symbol.asyncDispose]();
      await over;
    },
  };
}

async function untilRefused({ attempt }: Setting): Promise<Refusal> {
  return until(
    async () => {
      const answer = await attempt(noise());
      return answer.status === 201 ? undefined : answer;
    },
    { what: 'the disk is full', every: 1 },
  );
}

async function untilTaken({ attempt }: Setting, disk: SmallDisk): Promise<void> {
  await disk.clear();
  await until(async () => (await attempt(noise())).status === 201, { what: 'the hub takes messages again' });
}

test('a hub whose folder is on a full disk refuses what it cannot keep, and goes on when there is room', async () => {
  await using disk = await startSmallDisk({ mebibytes: 128 });
  const env = { NODE_ENV: 'production', DATA_DIR: join(disk.folder, 'hub') };
  await using hub = await openTestHub('embedded', { env });
  await using setting = await beginOn(hub);
  const { traffic } = setting.trial;
  await traffic.more(20);

  // No table can grow.
  await disk.fill(262_144);
  expect(await untilRefused(setting)).toEqual(refusal);
  await untilTaken(setting, disk);
  await traffic.more(20);

  // Nor can the write-ahead log, after which the database itself has come to an end.
  await disk.fill(262_144);
  const { database } = hub.hub.parley;
  const log = { text: `select pg_logical_emit_message(true, 'noise', repeat('x', 500000))` };
  await until(
    () =>
      database.query(log).then(
        () => false,
        () => true,
      ),
    { what: 'the log is full', every: 1 },
  );
  expect(await setting.attempt('x 0')).toEqual(refusal);
  expect(await setting.isReady()).toBe(false);
  await untilTaken(setting, disk);
  await until(() => setting.isReady(), { what: 'the hub is ready again' });
  await traffic.more(20);

  expect(await judge(setting.trial)).toEqual(sound);
  expect(setting.trial.receivers.gaps).toBe(0);
});

test('so does one whose Postgres has no room for more', async () => {
  await using server = await startPostgres();
  await using disk = await startSmallDisk({ mebibytes: 32 });
  const { uid, gid } = await stat(join(server.folder, 'data'));
  const place = join(disk.folder, 'tables');
  await mkdir(place);
  await chown(place, uid, gid);
  await server.query(`create tablespace small location '${place}'`);
  await server.configure({ default_tablespace: 'small' });
  await using hub = await openTestHub('embedded', {
    env: { NODE_ENV: 'production', DATABASE_URL: server.url },
  });
  await using setting = await beginOn(hub);
  const { traffic } = setting.trial;
  await traffic.more(20);
  await disk.fill(65_536);
  expect(await untilRefused(setting)).toEqual(refusal);
  await untilTaken(setting, disk);
  await traffic.more(20);
  expect(await judge(setting.trial)).toEqual(sound);
});
