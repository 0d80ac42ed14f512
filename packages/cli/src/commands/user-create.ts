import { defineCommand } from '../command.ts';
import { howToCome } from './people/code.ts';
import { profileOf, profileOptions } from './people/profile.ts';

const { name, bio, role } = profileOptions;

export const createPerson = defineCommand({
  path: ['user', 'create'],
  summary: 'Invites a person: prints the set-up code by which they come in',
  args: [{ name: 'handle', summary: 'What they are called: lowercase letters, digits, - _ and .' }],
  options: { name, bio, role },
  examples: [
    { line: 'parley user create ann --name "Ann Lee"', says: 'Somebody who writes and reads' },
    { line: 'parley user create guest --role observer', says: 'Somebody who only reads' },
    { line: 'code=$(parley user create ben)', says: 'In a script: the code alone' },
  ],
  async run({ out, hub }, { args, options }) {
    const { call, url } = await hub();
    const made = await call('createUser', {
      body: {
        kind: 'person',
        handle: args.handle,
        displayName: args.handle,
        ...profileOf(options),
        ...(options.role !== undefined && { role: options.role }),
      },
    });
    await out.result(made, made.setup.code);
    out.note(howToCome(url, made.setup));
  },
});
