import { defineCommand, type AnyCommand } from '../../command.ts';
import { urlText } from '../../hub-url.ts';
import { userCalled } from '../../resolve/user.ts';
import { shownHour } from '../../times.ts';
import type { Noun } from './noun.ts';

export function codeOfPerson({ group, kind, one, handle }: Noun): AnyCommand {
  return defineCommand({
    path: [group, 'code'],
    summary: `Makes a set-up code, by which ${one} comes in`,
    about: [
      'It works once, for ten minutes, and ends the one before. Somebody who forgot a password chooses another one with it.',
    ],
    args: [{ name: 'handle', summary: 'Whose' }],
    options: { end: { type: 'flag', summary: 'Ends the one that is open instead' } },
    examples: [
      { line: `parley ${group} code ${handle}`, says: 'To be handed over in private' },
      { line: `parley ${group} code ${handle} --end`, says: 'It went to the wrong person' },
    ],
    async run({ out, hub }, { args, options: { end = false } }) {
      const { call, url } = await hub();
      const { id } = await userCalled(call, args.handle, kind);
      if (end) {
        await call('deleteSetupCode', { params: { userId: id } });
        await out.result({ userId: id, ended: true });
        out.note(`The code of ${args.handle} is of no use any more.`);
        return;
      }
      const setup = await call('createSetupCode', { params: { userId: id } });
      await out.result(setup, setup.code);
      out.note(howToCome(url, setup));
    },
  });
}

/** What the one who is invited has to type. */
export function howToCome(
  url: URL,
  { code, expiresAt }: { readonly code: string; readonly expiresAt: number },
): string {
  return `Once, until ${shownHour(expiresAt)}: parley login --url ${urlText(url)} --code ${code}\nOr in a browser: ${urlText(url)}/#setup=${code}`;
}
