import { channelSchema, checkReceived, memberSchema, userSchema } from '@parley/hub-protocol';
import { routes } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf, patience, Place, typist, type TestHub, type Typist } from './support/hub.ts';
import { run } from './support/run.ts';

let place: Place;
let hub: TestHub;
let ann: Typist;
beforeAll(async () => {
  place = await Place.make();
  hub = await place.startHub();
  ann = await ownerOf(place, hub);
}, patience.timeout);
afterAll(() => place.close(), 60_000);

// Lists are those of the routes, without their pages.
const usersIn = (items: unknown) => checkReceived(routes.listUsers.reply, { items, next: null }).items;
const channelsIn = (items: unknown) => checkReceived(routes.listChannels.reply, { items, next: null }).items;
const membersIn = (items: unknown) => checkReceived(routes.listMembers.reply, { items, next: null }).items;

/** Somebody who proves it by a token in the environment. */
async function agentCalled(handle: string, ...more: string[]): Promise<Typist & { readonly secret: string }> {
  const { secret } = checkReceived(
    routes.createToken.reply,
    await ann.json(['agent', 'create', handle, ...more]),
  );
  return { secret, ...typist({ PARLEY_URL: hub.url, PARLEY_TOKEN: secret }) };
}

describe('a hub', { timeout: patience.timeout }, () => {
  it('tells how it is, to people and to programs', async () => {
    const { code, out } = await run(['hub', 'status', '--url', hub.url]);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^hub +http:\/\/\S+\nstate +ready\nversion +\S+\n$/),
    ]);
    expect(await ann.json(['hub', 'status'])).toEqual({
      url: hub.url,
      alive: true,
      ready: true,
      reasons: [],
      version: expect.any(String),
    });
  });

  it('that is away is told as such, with what to do', async () => {
    const away = ['--url', 'http://127.0.0.1:9'];
    const status = await run(['hub', 'status', '--json', ...away]);
    expect(status.code).toBe(4);
    expect(JSON.parse(status.out)).toMatchObject({ alive: false, ready: false, version: null });
    const sent = await run(['send', 'general', 'x', ...away], {
      env: { PARLEY_TOKEN: 'parley_x' },
    });
    expect(sent.code).toBe(4);
    expect(sent.err).toMatch(/^parley: http:\/\/127\.0\.0\.1:9 cannot be reached/);
    expect(sent.err).toContain('parley hub start');
    expect(sent.out).toBe('');
  });

  it('is not taken for one when it is something else', async () => {
    const { code, out } = await run(['hub', 'status', '--url', `${hub.url}/nothing/here`]);
    expect([code, out]).toEqual([4, expect.stringContaining('not a hub')]);
  });
});

describe('who somebody is', { timeout: patience.timeout }, () => {
  it('is told, and is what the hub says', async () => {
    const me = checkReceived(routes.readSession.reply, await ann.json(['whoami']));
    expect(me.user).toMatchObject({ handle: 'ann', role: 'owner' });
    expect((await ann.run(['whoami'])).out).toMatch(/handle +ann\n/);
  });

  it('must be known: what to do is said, and the program ends with 3', async () => {
    const nobody = typist({ ...place.home('nobody'), PARLEY_URL: hub.url });
    const { code, err, out } = await nobody.run(['channel', 'list']);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(`parley login --url ${hub.url}`);
    const wrong = await nobody.run(['whoami', '--json'], { env: { PARLEY_TOKEN: 'parley_wrong' } });
    expect(wrong.code).toBe(3);
    expect(JSON.parse(wrong.err)).toMatchObject({
      error: { code: 'UNAUTHENTICATED', exitCode: 3, hint: expect.stringContaining('parley login') },
    });
  });

  it('can be said by a file, by standard input and by a flag', async () => {
    const coder = await agentCalled('filed');
    const nobody = typist({ ...place.home('nobody'), PARLEY_URL: hub.url });
    const byInput = await nobody.json(['whoami', '--token-file', '-'], { input: `${coder.secret}\n` });
    const byFlag = await nobody.json(['whoami', '--token', coder.secret]);
    for (const said of [byInput, byFlag]) expect(said).toMatchObject({ user: { handle: 'filed' } });
    const missing = await nobody.run(['whoami', '--token-file', '/nonexistent/token']);
    expect(missing.code).toBe(2);
    const both = await nobody.run(['send', 'general', '-', '--token-file', '-'], { input: coder.secret });
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('cannot be both')]);
  });
});

describe('channels', { timeout: patience.timeout }, () => {
  it('are made, shown, changed, archived and deleted', async () => {
    const lab = checkReceived(
      channelSchema,
      await ann.json(['channel', 'create', 'lab', '--topic', 'First']),
    );
    expect(lab).toMatchObject({ name: 'lab', kind: 'public', topic: 'First' });
    const listed = channelsIn(await ann.json(['channel', 'list', '--query', 'la']));
    expect(listed.map(({ name }) => name)).toEqual(['lab']);
    const shown = checkReceived(routes.readChannel.reply, await ann.json(['channel', 'show', '#lab']));
    expect(shown).toMatchObject({ channel: { id: lab.id }, member: { role: 'owner' } });
    const changed = await ann.json(['channel', 'update', lab.id, '--name', 'labor', '--topic=']);
    expect(checkReceived(channelSchema, changed)).toMatchObject({ name: 'labor', topic: '' });
    await ann.json(['channel', 'archive', 'labor']);
    expect(channelsIn(await ann.json(['channel', 'list', '--archived']))).toHaveLength(1);
    expect((await ann.run(['send', 'labor', 'x'])).code).toBe(1);
    const back = checkReceived(channelSchema, await ann.json(['channel', 'unarchive', 'labor']));
    expect(back.archivedAt).toBe(null);
    const unsure = await ann.run(['channel', 'delete', 'labor']);
    expect([unsure.code, unsure.err]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await ann.json(['channel', 'delete', 'labor', '--yes'])).toEqual({ id: lab.id, deleted: true });
    expect((await ann.run(['channel', 'show', 'labor'])).code).toBe(5);
  });

  it('have members, who come, go and are taken in and out', async () => {
    const ben = await agentCalled('ben');
    await ann.json(['channel', 'create', 'den']);
    expect(checkReceived(memberSchema, await ben.json(['channel', 'join', 'den'])).role).toBe('member');
    const raised = await ann.json(['channel', 'add', 'den', '@ben', '--role', 'admin']);
    expect(checkReceived(memberSchema, raised).role).toBe('admin');
    const members = membersIn(await ann.json(['channel', 'members', 'den']));
    expect(members).toHaveLength(2);
    expect((await ann.run(['channel', 'members', 'den'])).out).toMatch(/^ben\tadmin\t/m);
    expect(await ann.json(['channel', 'remove', 'den', 'ben'])).toMatchObject({ removed: true });
    await ben.json(['channel', 'join', 'den']);
    expect(await ben.json(['channel', 'leave', 'den'])).toMatchObject({ left: true });
  });

  it('that are not there are told with what was probably meant', async () => {
    const { code, err } = await ann.run(['channel', 'show', 'genral']);
    expect([code, err]).toEqual([5, expect.stringContaining('Did you mean general?')]);
  });
});

describe('people and agents', { timeout: patience.timeout }, () => {
  it('are invited with a code, by which they sign in', async () => {
    const invited = checkReceived(
      routes.createUser.reply,
      await ann.json(['user', 'create', 'cleo', '--name', 'Cleo']),
    );
    expect(invited.user).toMatchObject({ handle: 'cleo', displayName: 'Cleo', role: 'member' });
    const again = checkReceived(routes.createSetupCode.reply, await ann.json(['user', 'code', 'cleo']));
    const cleo = typist(place.home('cleo'));
    const spent = await cleo.run(['login', '--url', hub.url, '--code', invited.setup.code], {
      input: 'another password',
    });
    expect([spent.code, spent.err]).toEqual([3, expect.stringContaining('older than ten minutes')]);
    const link = `${hub.url}/#setup=${again.code}`;
    const short = await cleo.run(['login', '--code', link], { input: 'short\n' });
    expect([short.code, short.err]).toEqual([2, expect.stringContaining('at least 10 characters')]);
    await cleo.json(['login', '--code', link], { input: 'another password\n' });
    expect(await cleo.json(['whoami'])).toMatchObject({ user: { handle: 'cleo' }, auth: 'token' });
    const refused = await cleo.run(['user', 'create', 'dora']);
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('role member')]);
  });

  it('are listed, shown, changed, taken out and let in', async () => {
    await agentCalled('mover', '--model', 'm1', '--capability', 'move', '--capability', 'lift');
    const listed = usersIn(await ann.json(['agent', 'list', '--capability', 'lift']));
    expect(listed.map(({ handle }) => handle)).toEqual(['mover']);
    expect((await ann.run(['agent', 'list', '--capability', 'lift'])).out).toBe(
      'mover\tmover\tmember\tm1\tmove lift\n',
    );
    expect(await ann.json(['agent', 'show', 'mover'])).toMatchObject({ handle: 'mover', model: 'm1' });
    expect(
      await ann.json(['agent', 'update', 'mover', '--bio', 'Moves', '--role', 'observer']),
    ).toMatchObject({
      bio: 'Moves',
      role: 'observer',
    });
    expect(await ann.json(['user', 'update', 'ann', '--bio', 'Owns'])).toMatchObject({ bio: 'Owns' });
    const out = checkReceived(userSchema, await ann.json(['agent', 'deactivate', 'mover']));
    expect(out.deactivatedAt).not.toBe(null);
    expect(usersIn(await ann.json(['agent', 'list', '--deactivated']))).toHaveLength(1);
    const back = checkReceived(userSchema, await ann.json(['agent', 'reactivate', 'mover']));
    expect(back.deactivatedAt).toBe(null);
  });

  it('are not taken for each other', async () => {
    const { code, err } = await ann.run(['agent', 'deactivate', 'ann']);
    expect([code, err]).toEqual([5, expect.stringContaining('ann is a person, not an agent')]);
    const near = await ann.run(['user', 'show', 'anm']);
    expect([near.code, near.err]).toEqual([5, expect.stringContaining('Did you mean ann?')]);
  });

  it('that cannot be, are refused with what the hub says', async () => {
    const taken = await ann.run(['user', 'create', 'ann']);
    expect([taken.code, taken.err]).toEqual([1, expect.stringMatching(/^parley: .+\n$/)]);
    const reserved = await ann.run(['user', 'create', 'everyone']);
    expect([reserved.code, reserved.err]).toEqual([1, expect.stringContaining('reserved')]);
  });
});

describe('tokens', { timeout: patience.timeout }, () => {
  it('of an agent are told once, alone when a script asks, and work at once', async () => {
    const { code, out, err } = await ann.run(['agent', 'create', 'coder']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^parley_\S{43}\n$/);
    const coder = typist({ PARLEY_URL: hub.url, PARLEY_TOKEN: out.trim() });
    expect((await coder.run(['send', 'general', 'hi'])).code).toBe(0);
  });

  it('have the scopes that were asked for, and no others stay behind', async () => {
    const reader = await agentCalled('reader', '--scope', 'read,react', '--expires', '1h');
    const me = checkReceived(routes.readSession.reply, await reader.json(['whoami']));
    expect(me.scopes).toEqual(['read', 'react']);
    expect(me.expiresAt).toBeGreaterThan(Date.now());
    expect(await ann.json(['token', 'list', '--for', 'reader'])).toHaveLength(1);
    const sent = await reader.run(['send', 'general', 'x']);
    expect([sent.code, sent.err]).toEqual([3, expect.stringContaining('parley whoami')]);
    const wrong = await ann.run(['token', 'create', '--scope', 'raed']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('Did you mean read?')]);
  });

  it('are made for others, listed without their secrets, and revoked', async () => {
    await agentCalled('worker');
    const { token, secret } = checkReceived(
      routes.createToken.reply,
      await ann.json(['token', 'create', '--for', 'worker', '--name', 'night shift']),
    );
    const listed = await ann.run(['token', 'list', '--for', 'worker']);
    expect(listed.out).toContain('night shift');
    expect(listed.out).not.toContain(secret);
    await ann.json(['token', 'revoke', token.id]);
    const worker = typist({ PARLEY_URL: hub.url, PARLEY_TOKEN: secret });
    expect((await worker.run(['whoami'])).code).toBe(3);
    expect((await ann.run(['token', 'list', '--for', 'worker'])).out).not.toContain('night shift');
    expect((await ann.run(['token', 'list', '--for', 'worker', '--revoked'])).out).toContain('night shift');
  });
});

describe('a message', { timeout: patience.timeout }, () => {
  it('is sent as words, as text, and from standard input', async () => {
    const said = async (args: string[], input?: string): Promise<string> =>
      checkReceived(
        routes.sendMessage.reply,
        await ann.json(['send', 'general', ...args], input === undefined ? {} : { input }),
      ).message.content;
    expect(await said(['good', 'morning'])).toBe('good morning');
    expect(await said(['--', '-5 degrees'])).toBe('-5 degrees');
    expect(await said(['-'], 'two\nlines, ä\n')).toBe('two\nlines, ä');
  });

  it('says nothing when it is in the log and nobody looks', async () => {
    expect(await ann.run(['send', '#general', 'quiet'])).toMatchObject({ code: 0, out: '', err: '' });
  });

  it('is there once, however often it is sent with the same id', async () => {
    const send = () => ann.json(['send', 'general', 'deployed', '--client-id', 'deploy-1']);
    const [first, second] = [await send(), await send()].map((reply) =>
      checkReceived(routes.sendMessage.reply, reply),
    );
    expect(second?.message.id).toBe(first?.message.id);
  });

  it('goes to somebody alone, and into a thread', async () => {
    const pal = await agentCalled('pal');
    const direct = checkReceived(routes.sendMessage.reply, await ann.json(['send', '@pal', 'psst']));
    const answer = await pal.json(['send', direct.message.channelId, 'yes?', '--thread', direct.message.id]);
    expect(checkReceived(routes.sendMessage.reply, answer).message.threadId).toBe(direct.message.id);
  });

  it('that is empty, too long or no text is refused', async () => {
    expect((await ann.run(['send', 'general', '  '])).code).toBe(1);
    expect((await ann.run(['send', 'general', '-'], { input: 'x'.repeat(1_100_000) })).code).toBe(1);
    const bytes = await ann.run(['send', 'general', '-'], { input: new Uint8Array([0xff, 0xfe]) });
    expect([bytes.code, bytes.err]).toEqual([1, expect.stringContaining('not text in UTF-8')]);
  });

  it('is refused where its sender is not, with how to come in', async () => {
    await ann.json(['channel', 'create', 'annex']);
    const guest = await agentCalled('guest');
    const refused = await guest.run(['send', 'annex', 'hello']);
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('parley channel join')]);
  });
});
