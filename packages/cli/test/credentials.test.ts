import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownerOf, ownerPassword, patience, Place, typist, type TestHub, type Typist } from './support/hub.ts';

let place: Place;
let hub: TestHub;
let ann: Typist;
beforeAll(async () => {
  place = await Place.make();
  hub = await place.startHub();
  ann = await ownerOf(place, hub);
}, patience.timeout);
afterAll(() => place.close(), 60_000);

const fileOf = (name: string): string => join(place.folder, name, 'parley', 'credentials.json');
const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

it('a login is kept for its owner alone, and its token is never printed', patience, async () => {
  const bea = typist(place.home('bea'));
  const { stdout } = {
    stdout: await bea.run(['login', '--url', hub.url, '--handle', 'ann'], { input: ownerPassword }),
  };
  expect(stdout).toMatchObject({ code: 0, err: '', out: `Signed in to ${hub.url} as ann (owner)\n` });
  const kept = await readFile(fileOf('bea'), 'utf8');
  const [token = ''] = /parley_[\w-]{43}/.exec(kept) ?? [];
  expect(token).not.toBe('');
  expect(kept).not.toContain(ownerPassword);
  expect([await modeOf(fileOf('bea')), await modeOf(join(fileOf('bea'), '..'))]).toEqual(['600', '700']);
  for (const args of [['whoami'], ['token', 'list'], ['whoami', '--json']]) {
    const { code, out, err } = await bea.run(args);
    expect(code).toBe(0);
    expect(out + err).not.toContain(token);
  }
});

it('a file that others may read is closed to them', patience, async () => {
  await chmod(fileOf('ann'), 0o644);
  expect((await ann.run(['whoami'])).code).toBe(0);
  expect(await modeOf(fileOf('ann'))).toBe('600');
});

it('a token goes to the hub that made it, and to no other', patience, async () => {
  const { code, err } = await ann.run(['whoami', '--url', 'http://127.0.0.1:9']);
  expect([code, err]).toEqual([3, expect.stringContaining('nobody is signed in to http://127.0.0.1:9')]);
});

it('a wrong password is told as such, and leaves nothing', patience, async () => {
  const eve = typist(place.home('eve'));
  const wrong = await eve.run(['login', '--url', hub.url, '--handle', 'ann'], {
    input: 'not the password\n',
  });
  expect([wrong.code, wrong.err]).toEqual([3, expect.stringContaining('handle or password are wrong')]);
  await expect(stat(fileOf('eve'))).rejects.toThrow('ENOENT');
  const none = await eve.run(['login', '--url', hub.url, '--handle', 'ann']);
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('first line of standard input')]);
  const nobody = await eve.run(['login', '--url', hub.url], { input: ownerPassword });
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('--handle HANDLE')]);
});

it('signing out revokes the token and forgets it', patience, async () => {
  const gil = typist(place.home('gil'));
  await gil.json(['login', '--url', hub.url, '--handle', 'ann', '--expires', '1d'], { input: ownerPassword });
  const [token = ''] = /parley_[\w-]{43}/.exec(await readFile(fileOf('gil'), 'utf8')) ?? [];
  expect(await gil.json(['logout'])).toEqual({ url: hub.url, signedOut: true, revoked: true });
  expect(await readFile(fileOf('gil'), 'utf8')).not.toContain(token);
  const later = await gil.run(['whoami', '--url', hub.url], { env: { PARLEY_TOKEN: token } });
  expect(later.code).toBe(3);
  expect(await gil.json(['logout', '--url', hub.url])).toMatchObject({ signedOut: false });
});

it('a token that was brought along is kept, and stays valid when it is forgotten', patience, async () => {
  const { out } = await ann.run(['agent', 'create', 'coder']);
  const machine = typist(place.home('machine'));
  const login = await machine.run(['login', '--url', hub.url, '--token-file', '-'], { input: out });
  expect(login).toMatchObject({ code: 0, out: expect.stringContaining('as coder (member)') });
  expect(await machine.json(['whoami'])).toMatchObject({ user: { handle: 'coder' } });
  expect(await machine.json(['logout'])).toMatchObject({ signedOut: true, revoked: false });
  expect((await machine.run(['whoami', '--url', hub.url], { env: { PARLEY_TOKEN: out.trim() } })).code).toBe(
    0,
  );
});

it('an agent comes in with its code, without a password', patience, async () => {
  const { out } = await ann.run(['agent', 'create', 'remote', '--setup-code']);
  expect(out).toMatch(/^\w{4}-\w{4}-\w{4}\n$/);
  const remote = typist(place.home('remote'));
  expect((await remote.run(['login', '--url', hub.url, '--code', out.trim()])).code).toBe(0);
  expect(await remote.json(['whoami'])).toMatchObject({ user: { handle: 'remote', kind: 'agent' } });
});

it('an observer, who may make no token, is told how to get one', patience, async () => {
  const code = (await ann.run(['user', 'create', 'watcher', '--role', 'observer'])).out.trim();
  const watcher = typist(place.home('watcher'));
  const refused = await watcher.run(['login', '--url', hub.url, '--code', code], {
    input: 'long enough a word\n',
  });
  expect([refused.code, refused.err]).toEqual([
    3,
    expect.stringContaining('parley token create --for watcher --scope read'),
  ]);
  const { out } = await ann.run(['token', 'create', '--for', 'watcher', '--scope', 'read']);
  await watcher.json(['login', '--url', hub.url, '--token-file', '-'], { input: out });
  expect(await watcher.json(['whoami'])).toMatchObject({ user: { handle: 'watcher' }, scopes: ['read'] });
});

it('a file that is broken is named, with what to do', patience, async () => {
  const odd = typist(place.home('odd'));
  await odd.run(['login', '--url', hub.url, '--handle', 'ann'], { input: ownerPassword });
  await writeFile(fileOf('odd'), '{"hubs": []');
  const { code, err } = await odd.run(['whoami']);
  expect([code, err]).toEqual([1, expect.stringContaining(`Remove it and sign in again`)]);
  expect(err).toContain(fileOf('odd'));
});
