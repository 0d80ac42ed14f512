import { defineCommand, type AnyCommand } from '../../command.ts';
import { shownTime } from '../../times.ts';
import type { Noun } from './noun.ts';

export function openCodes({ group, kind, many }: Noun): AnyCommand {
  return defineCommand({
    path: [group, 'codes'],
    summary: `Lists the ${many} who have a set-up code that is open`,
    about: ['For administrators. A code itself is told once, to whoever made it.'],
    args: [],
    options: {},
    examples: [{ line: `parley ${group} codes`, says: 'Who may still come in by one, and until when' }],
    async run({ out, hub }) {
      const { call } = await hub();
      const { items } = await call('listSetupCodes');
      const open = [];
      const rows: string[][] = [];
      for (const code of items) {
        const user = await call('readUser', { params: { userId: code.userId } });
        if (user.kind !== kind) continue;
        open.push(code);
        rows.push([user.handle, shownTime(code.createdAt), shownTime(code.expiresAt)]);
      }
      await out.list(open, ['handle', 'made', 'until'], rows);
    },
  });
}
