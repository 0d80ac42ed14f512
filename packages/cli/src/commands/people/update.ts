import { usageError } from '../../cli-error.ts';
import { defineCommand, type AnyCommand } from '../../command.ts';
import { userCalled } from '../../resolve/user.ts';
import { profileOf, profileOptions } from './profile.ts';
import type { Noun } from './noun.ts';
import { shownUser } from './show.ts';

export function updatePerson({ group, kind, one, handle }: Noun): AnyCommand {
  return defineCommand({
    path: [group, 'update'],
    summary: `Changes ${one}: name, handle, role and what is told of them`,
    about: ['Your own profile you may change yourself; everything else takes an administrator.'],
    args: [{ name: 'handle', summary: 'Whom' }],
    options: {
      ...profileOptions,
      handle: { type: 'text', value: 'HANDLE', summary: 'Another handle' },
    },
    examples: [
      {
        line: `parley ${group} update ${handle} --bio "Reviews every change"`,
        says: 'What others read of them',
      },
      { line: `parley ${group} update ${handle} --role observer`, says: 'From now on they only read' },
    ],
    async run({ out, hub }, { args, options }) {
      const { role, handle, ...rest } = options;
      const profile = profileOf(rest);
      const body = {
        ...profile,
        ...(role !== undefined && { role }),
        ...(handle !== undefined && { handle }),
      };
      if (Object.keys(body).length === 0)
        throw usageError('nothing to change', `See: parley help ${group} update`);
      const { call } = await hub();
      const user = await userCalled(call, args.handle, kind);
      const isOwn =
        body.role === undefined && body.handle === undefined && (await call('readMe')).id === user.id;
      const changed = isOwn
        ? await call('updateMe', { body: profile })
        : await call('updateUser', { params: { userId: user.id }, body });
      await out.result(changed, out.forPeople ? shownUser(changed) : undefined);
    },
  });
}
