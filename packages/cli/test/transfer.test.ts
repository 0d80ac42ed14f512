import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf, patience, Place, type TestHub, type Typist } from './support/hub.ts';

let place: Place;
let hub: TestHub;
let ann: Typist;
beforeAll(async () => {
  place = await Place.make();
  hub = await place.startHub();
  ann = await ownerOf(place, hub);
  await ann.json(['send', 'general', 'before the backup']);
}, patience.timeout);
afterAll(() => place.close(), 60_000);

const inPlace = (name: string): string => join(place.folder, name);

describe('a hub', { timeout: patience.timeout }, () => {
  it('is exported, imported beside what is there, and imported again without doubling', async () => {
    const file = inPlace('lab.jsonl');
    await ann.json(['hub', 'export', file]);
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('before the backup');
    expect(await ann.run(['hub', 'export', file])).toMatchObject({
      code: 2,
      err: expect.stringContaining('is there already'),
    });
    expect(await ann.json(['hub', 'import', file])).toMatchObject({ refused: 0 });
    expect(await ann.json(['hub', 'import', file])).toMatchObject({ added: 0, refused: 0 });
    const { out } = await ann.run(['search', 'before the backup']);
    expect(out.match(/before the backup/g)).toHaveLength(2);
    expect(await ann.run(['hub', 'import', inPlace('nowhere')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('cannot be read'),
    });
  });

  it('takes in an export of Slack, but for its broken lines, which are told', async () => {
    const folder = inPlace('slack');
    await mkdir(join(folder, 'random'), { recursive: true });
    const put = (file: string, text: string) => writeFile(join(folder, file), text);
    await put('users.json', '[{"id":"U1","team_id":"T1","name":"zoe"}]');
    await put('channels.json', '[{"id":"C1","name":"random","members":["U1"]}]');
    await put(
      'random/2024-01-01.json',
      '[\n  {"type":"message","user":"U1","text":"from elsewhere","ts":"1704067200.1"},\n  {"type":"mess\n]',
    );
    const { code, err } = await ann.run(['hub', 'import', '--from', 'slack', folder]);
    expect(code).toBe(1);
    expect(err).toContain(`${join('random', '2024-01-01.json')}:3: it is not JSON`);
    expect((await ann.run(['search', 'elsewhere'])).out).toContain('from elsewhere');
  });

  it('is backed up while it runs, and restored to an empty place only, as a whole only', async () => {
    const file = inPlace('parley.backup');
    await ann.json(['hub', 'backup', file]);
    expect((await stat(file)).mode & 0o077).toBe(0);
    // Where there is a hub, nothing is restored; and what was broken leaves nothing behind.
    const over = await ann.run(['hub', 'restore', file, '--data', inPlace('data')]);
    expect(over).toMatchObject({ code: 1, err: expect.stringContaining('in use') });
    const whole = await readFile(file);
    await writeFile(inPlace('half.backup'), whole.subarray(0, whole.length / 2));
    const data = inPlace('restored');
    const half = await ann.run(['hub', 'restore', inPlace('half.backup'), '--data', data]);
    expect(half).toMatchObject({ code: 1, err: expect.stringContaining('missing') });
    expect(await ann.json(['hub', 'restore', file, '--data', data])).toMatchObject({ lostFiles: 0 });
    const left = (await readdir(place.folder)).filter((name) => name.endsWith('.part'));
    expect(left).toEqual([]);
  });
});
