import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf, patience, Place, type TestHub, type Typist } from './support/hub.ts';
import { run } from './support/run.ts';
import { onTerminal } from './support/terminal.ts';

let place: Place;
let hub: TestHub;
let ann: Typist;
beforeAll(async () => {
  place = await Place.make();
  hub = await place.startHub();
  ann = await ownerOf(place, hub);
}, patience.timeout);
afterAll(() => place.close(), 60_000);

const escape = '\u001B[';

describe('on a terminal', patience, () => {
  it('who comes with a code is asked for a handle and a password, which is not shown', async () => {
    const code = (await ann.run(['user', 'create', 'ada'])).out.trim();
    const args = ['login', '--url', hub.url, '--code', code];
    const terminal = onTerminal(args, place.home('ada'));
    await terminal.type('\r', 'Handle');
    await terminal.type('a password unseen\r', 'Choose a password');
    await terminal.type('another password\r', 'Once more');
    expect(await terminal.ended).toBe(2);
    expect(terminal.screen()).toContain('the two passwords differ');

    const again = onTerminal(args, place.home('ada'));
    // Whoever is not the first has a handle already.
    await again.type('someone\r', 'Handle');
    await again.type('a password unseen\r', 'Choose a password');
    await again.type('a password unseen\r', 'Once more');
    expect(await again.ended).toBe(0);
    expect(again.screen()).toContain(`Signed in to ${hub.url} as ada (member)`);
    expect(terminal.screen() + again.screen()).not.toMatch(/unseen|another/);
  });

  it('Ctrl+C at a question does nothing, and ends with 130', async () => {
    const terminal = onTerminal(['login', '--url', hub.url], place.home('second'));
    await terminal.type('\u0003', 'Handle: ');
    expect(await terminal.ended).toBe(130);
  });

  it('lists have heads and colours, unless they are not wanted', async () => {
    const { env } = ann;
    const coloured = onTerminal(['channel', 'list'], env);
    expect(await coloured.ended).toBe(0);
    expect(coloured.screen()).toContain(escape);
    expect(coloured.screen()).toMatch(/CHANNEL.*KIND.*[\r\n]+#general +public/);
    for (const plain of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const terminal = onTerminal(['channel', 'list'], { ...env, ...plain });
      expect(await terminal.ended).toBe(0);
      expect(terminal.screen()).toContain('#general');
      expect(terminal.screen()).not.toContain(escape);
    }
    const piped = await run(['channel', 'list'], { env });
    expect(piped.out).toMatch(/^#general\tpublic\t\d\t\d+\t.*\n$/);
  });

  it('a change is confirmed, and its deletion asks for the name', async () => {
    const { env } = ann;
    const made = onTerminal(['channel', 'create', 'attic'], env);
    expect(await made.ended).toBe(0);
    expect(made.screen()).toMatch(/channel +#attic/);
    const unsure = onTerminal(['channel', 'delete', 'attic'], env);
    await unsure.type('antic\r', 'Type attic');
    expect(await unsure.ended).toBe(1);
    const sure = onTerminal(['channel', 'delete', 'attic'], env);
    await sure.type('attic\r', 'Type attic');
    expect(await sure.ended).toBe(0);
    expect(sure.screen()).toContain('#attic is deleted.');
  });
});
