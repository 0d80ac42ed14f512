import { defineCommand, type AnyCommand } from '../../command.ts';
import { userCalled } from '../../resolve/user.ts';
import type { Noun } from './noun.ts';

const whom = [{ name: 'handle', summary: 'Whom' }] as const;

export function deactivatePerson({ group, kind, one, handle }: Noun): AnyCommand {
  return defineCommand({
    path: [group, 'deactivate'],
    summary: `Takes ${one} out: tokens and sessions end at once, messages stay`,
    args: whom,
    options: {},
    examples: [{ line: `parley ${group} deactivate ${handle}`, says: 'Until somebody lets them in again' }],
    async run({ out, hub }, { args }) {
      const { call } = await hub();
      const { id } = await userCalled(call, args.handle, kind);
      const user = await call('deactivateUser', { params: { userId: id } });
      await out.result(user);
      out.note(`${user.handle} is out. Back in again: parley ${group} reactivate ${user.handle}`);
    },
  });
}

export function reactivatePerson({ group, kind, one, handle }: Noun): AnyCommand {
  return defineCommand({
    path: [group, 'reactivate'],
    summary: `Lets ${one} in again who was taken out`,
    args: whom,
    options: {},
    examples: [{ line: `parley ${group} reactivate ${handle}`, says: 'Their old tokens stay ended' }],
    async run({ out, hub }, { args }) {
      const { call } = await hub();
      const { id } = await userCalled(call, args.handle, kind);
      const user = await call('reactivateUser', { params: { userId: id } });
      await out.result(user);
      out.note(`${user.handle} may come in again.`);
    },
  });
}
