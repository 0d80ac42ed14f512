import { ChainCheck, type AuditRecord } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hub } from '../../src/compose.ts';
import { newId } from '../../src/database/ids.ts';
import {
  cookieOf,
  hubDatabases,
  inject,
  openTestHub,
  outcomeOf,
  ownPage,
  type TestHub,
  type TestUser,
} from '../support/hub.ts';

type Chain = RouteReply<'readAuditChain'>;
type Part = RouteReply<'checkAudit'>;

describe.each(hubDatabases)('on %s, the audit log', (kind) => {
  let world: TestHub;
  let owner: TestUser;
  beforeAll(async () => {
    world = await openTestHub(kind);
    owner = await world.user('the-owner', { role: 'owner' });
  }, 60_000);
  afterAll(async () => world[Symbol.asyncDispose]());

  const list = async (query: string): Promise<AuditRecord[]> =>
    (await world.ask('GET', `/audit?${query}`, { token: owner.token })).json<{ items: AuditRecord[] }>()
      .items;
  const actionsOn = async (subjectId: string): Promise<string[]> =>
    (await list(`subjectId=${subjectId}`)).map(({ entry }) => entry?.action ?? '').toReversed();
  const chain = async (after: number): Promise<Chain> =>
    (await world.ask('GET', `/audit/chain?after=${after}&limit=50`, { token: owner.token })).json();
  const everything = async (): Promise<AuditRecord[]> => {
    const all: AuditRecord[] = [];
    for (;;) {
      const { items } = await chain(all.length === 0 ? 0 : (all.at(-1)?.seq ?? 0));
      if (items.length === 0) return all;
      all.push(...items);
    }
  };
  const sealed = async (hub: Hub = world.hub): Promise<void> => {
    await until(
      async () => {
        await hub.sealer.seal();
        return (await world.tables().selectFrom('audit_unsealed').select('entry_id').execute()).length === 0;
      },
      { what: 'everything is sealed' },
    );
  };
  const check = async (after = ''): Promise<Part> =>
    (await world.ask('GET', `/audit/check${after && `?after=${after}`}`, { token: owner.token })).json();
  const faultIn = async (): Promise<unknown> => {
    const check = new ChainCheck();
    for (const record of await everything()) {
      const fault = await check.add(record);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };

  test('is read from one time to another', async () => {
    const { token } = owner;
    for (const handle of ['early', 'middle', 'late'])
      await world.ask('POST', '/users', { token, body: { kind: 'person', handle, displayName: handle } });
    const all = await list('action=user.create&limit=200');
    const times = all.flatMap(({ entry }) => (entry === null ? [] : [entry.at]));
    const at = times[1] ?? 0;
    const idsIn = async (query: string): Promise<unknown> =>
      (await list(`action=user.create&limit=200&${query}`)).map(({ entry }) => entry?.at);
    expect(await idsIn(`since=${at}`)).toEqual(times.filter((time) => time >= at));
    expect(await idsIn(`until=${at}`)).toEqual(times.filter((time) => time < at));
    expect(await idsIn(`since=${at}&until=${at}`)).toEqual([]);
    expect(await idsIn(`since=${Number.MAX_SAFE_INTEGER}`)).toEqual([]);
    expect(await idsIn(`until=${Number.MAX_SAFE_INTEGER}`)).toEqual(times);
  });

  test('tells who came in, who was refused and who left', async () => {
    const code = world.hub.setup?.code ?? '';
    const body = { code, password: 'a long password', handle: 'ann' };
    const came = await world.ask('POST', '/setup', { body });
    const { id } = came.json<{ user: { id: string } }>().user;
    await world.ask('POST', '/session', { body: { handle: 'ann', password: 'another password' } });
    await world.ask('POST', '/session', { body: { handle: 'another password', password: 'x' } });
    const signedIn = await world.ask('POST', '/session', {
      body: { handle: 'ann', password: body.password },
    });
    const cookie = cookieOf(signedIn);
    const next = { current: body.password, next: 'a longer password' };
    await world.ask('PUT', '/me/password', { cookie, headers: ownPage, body: next });
    await world.ask('DELETE', '/sessions', { cookie, headers: ownPage });
    await world.ask('DELETE', '/session', { cookie, headers: ownPage });
    expect(await actionsOn(id)).toEqual([
      'setup.code',
      'setup.redeem',
      'session.refuse',
      'session.begin',
      'password.change',
      'session.revoke',
      'session.end',
    ]);
    const [begin] = await list(`subjectId=${id}&action=session.begin`);
    expect(begin?.entry).toMatchObject({
      actorId: id,
      via: expect.stringMatching(/^session [\w-]{43}$/),
      address: '127.0.0.1',
    });
    const refused = await list('action=session.refuse');
    expect(refused.map(({ entry }) => entry?.actorId)).toEqual([null, null]);
    // Somebody typed it into the wrong field.
    expect(JSON.stringify(await list('limit=200'))).not.toContain('another password');
  });

  test('tells of roles, tokens and those who were taken out, with what was before', async () => {
    const bob = await world.user('bob');
    const by = { token: owner.token };
    const made = await world.ask('POST', '/tokens', {
      ...by,
      body: { name: 'n', userId: bob.id, scopes: ['read'] },
    });
    const { token, secret } = made.json<{ token: { id: string }; secret: string }>();
    await world.ask('DELETE', `/tokens/${token.id}`, by);
    await world.ask('DELETE', `/tokens/${token.id}`, by);
    await world.ask('PATCH', `/users/${bob.id}`, { ...by, body: { bio: 'says nothing' } });
    await world.ask('PATCH', `/users/${bob.id}`, { ...by, body: { role: 'admin' } });
    await world.ask('DELETE', `/users/${bob.id}`, by);
    await world.ask('POST', `/users/${bob.id}/reactivate`, by);
    expect(await actionsOn(token.id)).toEqual(['token.create', 'token.revoke']);
    expect(await actionsOn(bob.id)).toEqual(['user.update', 'user.deactivate', 'user.reactivate']);
    const [changed] = await list(`subjectId=${bob.id}&action=user.update`);
    expect(changed?.entry).toMatchObject({
      actorId: owner.id,
      via: expect.stringMatching(/^token /),
      details: { was: { role: 'member' }, given: { role: 'admin' } },
    });
    expect(JSON.stringify(await list('limit=200'))).not.toContain(secret);
  });

  test('has nothing of what was not done', async () => {
    const carl = await world.user('carl');
    const taken = { handle: owner.handle, role: 'admin' };
    const response = await world.ask('PATCH', `/users/${carl.id}`, { token: owner.token, body: taken });
    expect(outcomeOf(response)).toBe('NAME_TAKEN');
    expect(await actionsOn(carl.id)).toEqual([]);
  });

  test('is only ever added to', async () => {
    await sealed();
    const { schema, db } = world.hub.tables;
    for (const table of ['audit', 'audit_seals'])
      for (const text of [
        `update ${schema}.${table} set ${table === 'audit' ? 'action' : 'hash'} = 'nothing'`,
        `delete from ${schema}.${table}`,
        `truncate ${schema}.${table}`,
      ])
        await expect(db.query({ text })).rejects.toThrow('only ever added to');
  });

  test('is sealed in a chain without holes, and read in pages', async () => {
    await sealed();
    const all = await everything();
    expect(all.length).toBeGreaterThan(10);
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => i + 1));
    expect(await faultIn()).toBeUndefined();
    expect((await chain(all.length)).head?.seq).toBeGreaterThanOrEqual(all.length);
    expect(await check()).toMatchObject({ loose: null, next: null });
    const first = await world.ask('GET', '/audit?limit=2', { token: owner.token });
    const { items, next } = first.json<{ items: AuditRecord[]; next: string }>();
    const more = await list(`limit=2&cursor=${next}`);
    const ids = [...items, ...more].map(({ entry }) => entry?.id ?? '');
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? 1 : -1)));
    expect(new Set(ids).size).toBe(4);
  });

  test('several nodes that seal at once make one chain', { timeout: 60_000 }, async () => {
    const other = kind === 'postgres' ? await world.another() : world.hub;
    for (let i = 0; i < 2; i += 1) {
      const made = Array.from({ length: 20 }, () => world.ask('GET', '/audit/chain', { token: owner.token }));
      await Promise.all([...made, world.hub.sealer.seal(), other.sealer.seal()]);
    }
    await sealed(other);
    expect(await faultIn()).toBeUndefined();
  });

  describe('after somebody was at its tables', () => {
    /** As who owns the database can, past all triggers; undone afterwards. */
    const tampered = async (text: string, look: () => Promise<void>): Promise<void> => {
      await sealed();
      const { schema, db } = world.hub.tables;
      const run = async (statement: string): Promise<void> => {
        const tables = ['audit', 'audit_seals', 'audit_unsealed'];
        for (const table of tables)
          await db.query({ text: `alter table ${schema}.${table} disable trigger user` });
        await db.query({ text: statement.replaceAll('hub.', `${schema}.`) });
        for (const table of tables)
          await db.query({ text: `alter table ${schema}.${table} enable trigger user` });
      };
      await run('create table hub.kept_audit as select * from hub.audit');
      await run('create table hub.kept_seals as select * from hub.audit_seals');
      try {
        await run(text);
        await look();
      } finally {
        await run(
          'insert into hub.audit select k.* from hub.kept_audit as k where k.id not in (select id from hub.audit)',
        );
        await run(
          'update hub.audit as a set action = k.action, details = k.details from hub.kept_audit as k where k.id = a.id',
        );
        await run(
          'insert into hub.audit_seals select k.* from hub.kept_seals as k where k.seq not in (select seq from hub.audit_seals)',
        );
        await run('drop table hub.kept_audit');
        await run('drop table hub.kept_seals');
      }
    };

    test.each([
      ['an entry that was changed', 'update hub.audit set action = $$x$$', 'altered'],
      ['a detail that was changed', 'update hub.audit set details = $${"a":1}$$', 'altered'],
      ['an entry that was removed', 'delete from hub.audit', 'gone'],
    ])('%s is the first that is named', async (_, statement, what) => {
      const of = 'where id = (select entry_id from hub.audit_seals where seq = 3)';
      await tampered(`${statement} ${of}`, async () => {
        expect(await faultIn()).toMatchObject({ seq: 3, what });
      });
    });

    test('a seal that was removed leaves a hole, and its entry without a seal', async () => {
      const entryId = (await everything())[3]?.entry?.id;
      await sealed();
      await tampered('delete from hub.audit_seals where seq = 4', async () => {
        expect(await faultIn()).toEqual({ seq: 4, what: 'hole', entryId: null });
        expect(await chain(4)).toMatchObject({ items: expect.anything() });
        expect(await check()).toMatchObject({ loose: entryId, next: null });
        expect(await check(entryId)).toMatchObject({ loose: null });
      });
    });

    test('one that was removed before it was sealed is told, and holds up no other', async () => {
      await sealed();
      const last = (await everything()).at(-1)?.seq ?? 0;
      const id = newId();
      const { schema, db } = world.hub.tables;
      const unsealed = `${schema}.audit_unsealed`;
      await db.query({ text: `insert into ${unsealed} values ($1)` }, [id]);
      const { waiting, lost } = await chain(last);
      expect([waiting > 0, lost]).toEqual([true, id]);
      const body = { name: 'n', userId: owner.id, scopes: ['read'] };
      const made = await world.ask('POST', '/tokens', { token: owner.token, body });
      const { token } = made.json<RouteReply<'createToken'>>();
      await until(
        async () => {
          await world.hub.sealer.seal();
          return (await list(`subjectId=${token.id}`)).every(({ seq }) => seq !== null);
        },
        { what: 'what came after is sealed' },
      );
      await db.query({ text: `delete from ${unsealed} where entry_id = $1` }, [id]);
    });

    test('one that is sealed already waits no more, and holds up no other', async () => {
      await sealed();
      const [first] = await everything();
      await sealed();
      const { schema, db } = world.hub.tables;
      await db.query({ text: `insert into ${schema}.audit_unsealed values ($1)` }, [first?.entry?.id ?? '']);
      await sealed();
      expect(await faultIn()).toBeUndefined();
    });

    test('how long sealing has stood still is told, also as a metric', async () => {
      await sealed();
      const last = (await everything()).at(-1)?.seq ?? 0;
      await sealed();
      const kept = `update hub.audit set at = at - 90000 where id = (select entry_id from hub.audit_seals order by seq desc limit 1)`;
      const waits = `insert into hub.audit_unsealed select entry_id from hub.audit_seals order by seq desc limit 1`;
      // Every node seals now and then, and this one is to be found waiting.
      await tampered(kept, async () => {
        const lock = await (await world.hub.parley.locks()).acquire('hub:audit:seal', { lease: '30s' });
        await world.hub.tables.db.query({ text: waits.replaceAll('hub.', `${world.hub.tables.schema}.`) });
        expect((await chain(last)).waitingMs).toBeGreaterThanOrEqual(90_000);
        await world.hub.sealer.seal();
        const { body } = await inject(world.hub, 'GET', '/metrics', { token: owner.token });
        expect(Number(/^parley_audit_unsealed_seconds (\S+)$/m.exec(body)?.[1])).toBeGreaterThanOrEqual(90);
        await lock.release();
      });
      await sealed();
    });
  });

  test('is for administrators', async () => {
    const member = await world.user('member1');
    for (const path of ['/audit', '/audit/chain', '/audit/check'])
      expect(outcomeOf(await world.ask('GET', path, { token: member.token }))).toBe('FORBIDDEN');
  });
});
