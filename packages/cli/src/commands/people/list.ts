import { limits } from '@parley/hub-protocol';
import { defineCommand, type AnyCommand } from '../../command.ts';
import { everything } from '../../resolve/everything.ts';
import type { Noun } from './noun.ts';

export function listPeople({ group, kind, many }: Noun): AnyCommand {
  return defineCommand({
    path: [group, 'list'],
    summary: `Lists ${many}, by handle`,
    args: [],
    options: {
      query: { type: 'text', summary: 'Only those with this in their handle or name' },
      capability: { type: 'text', value: 'WORD', summary: 'Only those who say that they can do this' },
      deactivated: { type: 'flag', summary: 'Those who were taken out, instead of the others' },
    },
    examples: [
      { line: `parley ${group} list`, says: 'All of them' },
      { line: `parley ${group} list --query an --json`, says: 'Some of them, for a program' },
    ],
    async run({ out, hub }, { options: { query, capability, deactivated } }) {
      const { call } = await hub();
      const wanted = {
        kind,
        limit: limits.page,
        ...(query !== undefined && { query }),
        ...(capability !== undefined && { capability }),
        ...(deactivated !== undefined && { deactivated }),
      };
      const users = await everything((cursor) => call('listUsers', { query: { ...wanted, ...cursor } }));
      const rows = users.map(({ handle, displayName, role, model, capabilities }) => [
        handle,
        displayName,
        role,
        ...(kind === 'agent' ? [model ?? '', capabilities.join(' ')] : []),
      ]);
      const head = ['handle', 'name', 'role', ...(kind === 'agent' ? ['model', 'can'] : [])];
      await out.list(users, head, rows);
    },
  });
}
