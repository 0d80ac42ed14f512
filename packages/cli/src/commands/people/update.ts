import type { CallRoute } from '@parley/hub-client';
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
      owner: {
        type: 'text',
        value: 'HANDLE',
        summary: 'Of an agent: the person who answers for it from now on, or none',
      },
    },
    examples: [
      {
        line: `parley ${group} update ${handle} --bio "Reviews every change"`,
        says: 'What others read of them',
      },
      { line: `parley ${group} update ${handle} --role observer`, says: 'From now on they only read' },
    ],
    async run({ out, hub }, { args, options }) {
      const { role, handle, owner, ...rest } = options;
      const profile = profileOf(rest);
      const body = {
        ...profile,
        ...(role !== undefined && { role }),
        ...(handle !== undefined && { handle }),
      };
      if (Object.keys(body).length === 0 && owner === undefined)
        throw usageError('nothing to change', `See: parley help ${group} update`);
      const { call } = await hub();
      const user = await userCalled(call, args.handle, kind);
      const isProfile = role === undefined && handle === undefined && owner === undefined;
      const isOwn = isProfile && (await call('readMe')).id === user.id;
      const given = owner === undefined ? {} : { ownerId: await ownerCalled(call, owner) };
      const changed = isOwn
        ? await call('updateMe', { body: profile })
        : await call('updateUser', { params: { userId: user.id }, body: { ...body, ...given } });
      await out.result(changed, out.forPeople ? shownUser(changed) : undefined);
    },
  });
}

async function ownerCalled(call: CallRoute, word: string): Promise<string | null> {
  return word === 'none' ? null : (await userCalled(call, word, 'person')).id;
}
