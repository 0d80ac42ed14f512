import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkReceived } from '@parley/hub-protocol';
import { routes } from '@parley/hub-protocol/rest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainName } from '../src/commands/file/get.ts';
import { ownerOf, patience, Place, type Typist } from './support/hub.ts';

let place: Place;
let ann: Typist;
beforeAll(async () => {
  place = await Place.make();
  ann = await ownerOf(place, await place.startHub());
}, patience.timeout);
afterAll(() => place.close(), 60_000);

describe('files', { timeout: patience.timeout }, () => {
  it('are uploaded in a message, listed, downloaded as they were, and deleted', async () => {
    const bytes = randomBytes(1_300_000);
    const path = join(place.folder, 'plan (1).bin');
    await writeFile(path, bytes);
    const put = () =>
      ann.json(['file', 'put', 'general', path, '--text', 'The plan', '--client-id', 'plan-1']);
    const sent = checkReceived(routes.sendMessage.reply, await put());
    expect(sent.message.content).toBe('The plan');
    const [file] = sent.message.files ?? [];
    expect(file).toMatchObject({ name: 'plan (1).bin', size: bytes.length, state: 'ready' });
    // Repeated, it is there once.
    expect(checkReceived(routes.sendMessage.reply, await put()).seq).toBe(sent.seq);
    const id = file?.id ?? '';
    expect(await ann.json(['file', 'list', '#general'])).toMatchObject([{ id }]);
    const copy = join(place.folder, 'copy.bin');
    await ann.json(['file', 'get', id, '-o', copy]);
    expect((await readFile(copy)).equals(bytes)).toBe(true);
    expect(await ann.run(['file', 'get', id, '-o', copy])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is there already'),
    });
    expect((await ann.run(['file', 'get', id, '-o', copy, '--force'])).code).toBe(0);
    expect((await ann.run(['file', 'delete', id])).code).toBe(0);
    expect((await ann.run(['file', 'get', id, '-o', '-'])).code).toBe(5);
    expect(await ann.json(['file', 'list', 'general'])).toEqual([]);
  });

  it('are found wherever they are, with the room that they take', async () => {
    const path = join(place.folder, 'draft.bin');
    await writeFile(path, randomBytes(2_000));
    await ann.run(['file', 'put', 'general', path]);
    const owned: unknown = await ann.json(['file', 'own']);
    expect(owned).toMatchObject([{ name: 'draft.bin', size: 2_000, state: 'ready' }]);
    expect(await ann.json(['file', 'room'])).toMatchObject([{ used: 2_000 }]);
    expect((await ann.run(['file', 'room'])).out).toContain('2.0 kB');
  });

  it('that are called like standard output are kept as files all the same', async () => {
    const path = join(place.folder, 'plain.bin');
    await writeFile(path, 'not for a terminal');
    const sent = checkReceived(
      routes.sendMessage.reply,
      await ann.json(['file', 'put', 'general', path, '--name', '-']),
    );
    const id = sent.message.files?.[0]?.id ?? '';
    const before = process.cwd();
    process.chdir(place.folder);
    try {
      const { code, out } = await ann.run(['file', 'get', id]);
      expect([code, out]).toEqual([0, '']);
      expect(await readFile(join(place.folder, '-'), 'utf8')).toBe('not for a terminal');
    } finally {
      process.chdir(before);
    }
    expect((await ann.run(['file', 'get', id, '-o', '-'])).out).toBe('not for a terminal');
  });

  it.each([
    ['C:x', 'win32', false],
    ['a.txt:hidden', 'win32', false],
    ['NUL', 'win32', false],
    ['com1.txt', 'win32', false],
    ['null.txt', 'win32', true],
    ['a:b', 'linux', true],
    ['..', 'linux', false],
    ['a/b', 'linux', false],
  ])('the name %s leads nowhere on %s: %s', (name, platform, allowed) => {
    const outcome = ((): string => {
      try {
        return plainName(name, platform);
      } catch (error) {
        return String(error);
      }
    })();
    expect(outcome).toContain(allowed ? name : 'leads elsewhere');
  });

  it('that cannot be read are told before anything is asked', async () => {
    const { code, err } = await ann.run(['file', 'put', 'general', join(place.folder, 'nothing-here')]);
    expect([code, err]).toEqual([1, expect.stringContaining('nothing-here cannot be read')]);
    expect((await ann.run(['file', 'put', 'general', 'a', 'b', '--name', 'c'])).code).toBe(2);
  });
});
