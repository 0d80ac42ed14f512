import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { patience, Place, type TestHub } from '../support/hub.ts';
import { masked, replay } from '../support/transcript.ts';

let place: Place;
let hub: TestHub;
beforeAll(async () => {
  place = await Place.make();
  hub = await place.startHub();
}, patience.timeout);
afterAll(() => place.close(), 60_000);

// One after another: the second session goes on where the first one ended.
it('the sessions of the guide are what happens', patience, async () => {
  for (const name of ['first-steps', 'scripts']) {
    const session = await readFile(new URL(`${name}.console`, import.meta.url), 'utf8');
    const played = await replay(session, hub, place.folder);
    expect(played.masked).toBe(masked(session));
  }
});
