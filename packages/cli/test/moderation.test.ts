import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { channelSchema, checkReceived, memberSchema, userSchema } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownerOf, patience, Place, typist, type TestHub, type Typist } from './support/hub.ts';

let place: Place;
let hub: TestHub;
let ann: Typist;
let bot: Typist;
beforeAll(async () => {
  place = await Place.make();
  hub = await place.startHub();
  ann = await ownerOf(place, hub);
  const { out } = await ann.run(['agent', 'create', 'bot']);
  bot = typist({ PARLEY_URL: hub.url, PARLEY_TOKEN: out.trim() });
}, patience.timeout);
afterAll(() => place.close(), 60_000);

it('a moderator freezes, slows down, mutes and times out, and takes it back', patience, async () => {
  const says = async (who: Typist) => (await who.run(['send', 'general', 'x'])).code;
  const frozen = await ann.json(['channel', 'freeze', 'general', '--reason', 'a loop']);
  expect(checkReceived(channelSchema, frozen).frozenAt).toEqual(expect.any(Number));
  const refused = await bot.run(['send', 'general', 'x']);
  expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('frozen')]);
  await ann.json(['channel', 'unfreeze', 'general']);
  const slow = await ann.json(['channel', 'slow', 'general', '5m']);
  expect(checkReceived(channelSchema, slow).slowSeconds).toBe(300);
  await ann.json(['channel', 'slow', 'general', 'off']);
  const muted = await ann.json(['channel', 'mute', 'general', 'bot', '--for', '10m']);
  expect(checkReceived(memberSchema, muted).muted?.until).toBeGreaterThan(Date.now());
  expect(await says(bot)).toBe(3);
  await ann.json(['channel', 'unmute', 'general', 'bot']);
  const out = await ann.json(['agent', 'timeout', 'bot', '1h', '--reason', 'noise']);
  expect(checkReceived(userSchema, out).timeoutUntil).toBeGreaterThan(Date.now());
  expect(await says(bot)).toBe(3);
  await ann.json(['agent', 'timeout', 'bot', 'off']);
  expect(await says(bot)).toBe(0);
  expect(await ann.json(['announce', 'noon', 'it', 'is'])).toEqual({ id: expect.any(String) });
  const listed = await ann.run(['audit', 'list', '--by', 'ann']);
  for (const action of ['channel.freeze', 'channel.slow', 'member.mute', 'user.timeout', 'announcement.make'])
    expect(listed.out).toContain(`\tann\t${action}\t`);
});

it('a webhook is made, used, listed and deleted', patience, async () => {
  const made = await ann.run(['webhook', 'in', 'general', '--name', 'ci', '--as', 'bot']);
  const response = await fetch(made.out.trim(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'Build 42 is green' }),
  });
  expect(response.status).toBe(200);
  const out = await ann.run(['webhook', 'out', 'general', 'http://127.0.0.1:9/x']);
  expect(out.out).toMatch(/^whsec_\S+\n$/);
  await ann.run(['send', 'general', 'told to nobody']);
  const rows = (await ann.run(['webhook', 'list', 'general'])).out.trim().split('\n');
  expect(rows.map((row) => row.split('\t').slice(1, 4))).toEqual([
    ['in', 'ci', 'as bot'],
    ['out', 'webhook', 'http://127.0.0.1:9/x'],
  ]);
  const [incoming = '', outgoing = ''] = rows.map((row) => row.split('\t')[0] ?? '');
  const failed = await until(
    async () => {
      const log = await ann.run(['webhook', 'log', 'general', outgoing]);
      return (
        /^(\S+)\tchannel\.message\t\d+\tdead\t1\tits address is not one of the internet/m.exec(log.out) ??
        undefined
      );
    },
    { what: 'it was tried' },
  );
  const again = await ann.json(['webhook', 'redeliver', 'general', outgoing, failed[1] ?? '']);
  expect(again).toMatchObject({ id: failed[1], state: 'waiting', attempts: 0 });
  for (const id of [incoming, outgoing])
    expect(await ann.json(['webhook', 'delete', 'general', id])).toEqual({ id, deleted: true });
  expect((await ann.run(['webhook', 'list', 'general'])).out.trim()).toBe('');
});

it('a command of an agent is made, typed, answered and deleted', patience, async () => {
  await bot.run(['command', 'create', 'general', 'plan', '--about', 'Plans the day']);
  const listed = (await ann.run(['command', 'list', 'general'])).out.trim().split('\t');
  expect(listed.slice(0, 3)).toEqual(['/plan', 'Plans the day', 'bot']);
  const typed = await ann.run(['command', 'call', 'general', '/plan tomorrow']);
  expect([typed.code, typed.out]).toEqual([0, 'working\n']);
  const [id = '', ...open] = (await bot.run(['command', 'calls'])).out.trim().split('\t');
  expect(open.slice(0, 2)).toEqual(['/plan', 'tomorrow']);
  await bot.run(['command', 'answer', id, 'It is planned']);
  await bot.run(['command', 'answer', id, 'Look here', '--in-channel']);
  expect((await ann.run(['command', 'read', id])).out).toMatch(
    /^It is planned\n\(in the channel: message \S+\)\n$/,
  );
  expect((await bot.run(['command', 'calls'])).out).toBe('');
  expect((await ann.run(['command', 'call', 'general', '/unknown'])).err).toContain('nobody here answers');
  const made = await ann.json(['command', 'create', 'general', 'out', '--to', 'http://127.0.0.1:9/x']);
  expect(made).toMatchObject({ command: { origin: 'http://127.0.0.1:9' }, secret: expect.any(String) });
  const failed = await ann.run(['command', 'call', 'general', '/out']);
  expect(failed.out).toBe('failed: its address is not one of the internet\n');
  await bot.run(['command', 'delete', 'general', 'plan']);
  await ann.run(['command', 'delete', 'general', '/out']);
  expect((await ann.run(['command', 'list', 'general'])).out.trim()).toBe('');
});

it(
  'the audit log is proved at the hub and without it, and the first row that is wrong is named',
  patience,
  async () => {
    interface Proof {
      readonly whole: boolean;
      readonly sealed: number;
      readonly head: { readonly seq: number; readonly hash: string };
    }
    const prove = async (args: readonly string[], whole = true): Promise<Proof> => {
      const { code, out } = await ann.run(['hub', 'verify', '--json', ...args]);
      expect(code).toBe(whole ? 0 : 1);
      const proof: Proof = JSON.parse(out);
      return proof;
    };
    await until(async () => (await prove([])).sealed >= 5, { what: 'something is sealed' });
    const file = join(place.folder, 'audit.jsonl');
    const { out } = await ann.run(['audit', 'export']);
    await writeFile(file, out);
    const { head, sealed } = await prove(['--file', file]);
    expect(out.trimEnd().split('\n')).toHaveLength(sealed);
    const noted = `${head.seq}:${head.hash}`;
    expect(await prove(['--head', noted])).toMatchObject({ whole: true, known: true });
    const other = `${head.seq}:${'0'.repeat(64)}`;
    expect(await prove(['--head', other], false)).toMatchObject({ known: false, fault: null });

    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const broken = async (name: string, rows: readonly string[]): Promise<string> => {
      const path = join(place.folder, `${name}.jsonl`);
      await writeFile(path, rows.join('\n'));
      return path;
    };
    const altered = lines.with(2, (lines[2] ?? '').replace(/"action":"[^"]*"/, '"action":"nothing.at.all"'));
    const proofs = [
      [await broken('altered', altered), { fault: { seq: 3, what: 'altered' } }],
      [await broken('hole', lines.toSpliced(1, 1)), { fault: { seq: 2, what: 'hole' } }],
    ] as const;
    for (const [path, fault] of proofs) expect(await prove(['--file', path], false)).toMatchObject(fault);
    const short = await broken('short', lines.slice(0, -1));
    expect(await prove(['--file', short])).toMatchObject({ whole: true });
    expect(await prove(['--file', short, '--head', noted], false)).toMatchObject({ known: false });
    const told = await ann.run(['hub', 'verify', '--file', proofs[0][0]]);
    expect([told.code, told.out]).toEqual([
      1,
      expect.stringContaining('the entry with number 3 was altered'),
    ]);
    const nonsense = await ann.run(['hub', 'verify', '--file', await broken('nonsense', ['{}'])]);
    expect([nonsense.code, nonsense.err]).toEqual([1, expect.stringContaining('line 1')]);
    expect((await bot.run(['hub', 'verify'])).code).toBe(3);
  },
);
