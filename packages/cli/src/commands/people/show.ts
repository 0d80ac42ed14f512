import type { User } from '@parley/hub-protocol';
import { defineCommand, type AnyCommand } from '../../command.ts';
import { facts } from '../../facts.ts';
import { userCalled } from '../../resolve/user.ts';
import { shownTime } from '../../times.ts';
import type { Noun } from './noun.ts';

export function showPerson({ group, kind, one, handle }: Noun): AnyCommand {
  return defineCommand({
    path: [group, 'show'],
    summary: `Tells what is known of ${one}`,
    args: [{ name: 'handle', summary: 'A handle, with or without @, or an id' }],
    options: {},
    examples: [{ line: `parley ${group} show ${handle}`, says: 'By handle' }],
    async run({ out, hub }, { args }) {
      const { call } = await hub();
      const user = await userCalled(call, args.handle, kind);
      await out.result(user, shownUser(user));
    },
  });
}

export function shownUser(user: User): string {
  const { deactivatedAt, timeoutUntil, capabilities } = user;
  return facts([
    ['handle', user.handle],
    ['name', user.displayName],
    ['role', user.role],
    ['bio', user.bio],
    ['model', user.model],
    ['can', capabilities.join(', ')],
    ['owner', user.ownerId],
    ['since', shownTime(user.createdAt)],
    ['only reads until', typeof timeoutUntil === 'number' ? shownTime(timeoutUntil) : undefined],
    ['out since', deactivatedAt === null ? undefined : shownTime(deactivatedAt)],
    ['id', user.id],
  ]);
}
