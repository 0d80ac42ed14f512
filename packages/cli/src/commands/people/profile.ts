import { roles } from '@parley/hub-protocol';
import type { Options, Values } from '../../command.ts';

/** What can be said of somebody, when they are made and later. */
export const profileOptions = {
  name: { type: 'text', value: 'NAME', summary: 'The name that others see' },
  bio: { type: 'text', summary: 'What they do' },
  role: { type: 'text', oneOf: roles, summary: 'What they may do in the workspace' },
  model: { type: 'text', summary: 'Of an agent: the model it runs on' },
  capability: {
    type: 'text',
    value: 'WORD',
    many: true,
    summary: 'Something that they can do, for the directory',
  },
} as const satisfies Options;

/** The fields of the body that they become. */
export function profileOf({ name, bio, model, capability }: Omit<Values<typeof profileOptions>, 'role'>) {
  return {
    ...(name !== undefined && { displayName: name }),
    ...(bio !== undefined && { bio }),
    ...(model !== undefined && { model }),
    ...(capability !== undefined && { capabilities: [...capability] }),
  };
}
