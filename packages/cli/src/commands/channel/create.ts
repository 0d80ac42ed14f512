import { defineCommand, type Options } from '../../command.ts';
import { userCalled } from '../../resolve/user.ts';
import { shownFacts } from './shown.ts';

export const aboutOptions = {
  topic: { type: 'text', summary: 'What is talked about at the moment' },
  description: { type: 'text', summary: 'What the channel is for' },
} as const satisfies Options;

export const createChannel = defineCommand({
  path: ['channel', 'create'],
  summary: 'Makes a channel, which you own',
  args: [{ name: 'name', summary: 'Lowercase letters, digits, - and _' }],
  options: {
    private: { type: 'flag', summary: 'Only for those who are invited' },
    ...aboutOptions,
    member: { type: 'text', value: 'HANDLE', many: true, summary: 'Somebody who is in it from the start' },
  },
  examples: [
    { line: 'parley channel create lab --topic "The next release"', says: 'For everybody' },
    { line: 'parley channel create plans --private --member ann --member coder', says: 'For some' },
  ],
  async run({ out, hub }, { args, options }) {
    const { private: hidden, member, ...about } = options;
    const { call } = await hub();
    const members: string[] = [];
    for (const handle of member ?? []) members.push((await userCalled(call, handle)).id);
    const channel = await call('createChannel', {
      body: {
        kind: hidden === true ? 'private' : 'public',
        name: args.name.replace(/^#/, ''),
        ...about,
        ...(members.length > 0 && { members }),
      },
    });
    await out.result(channel, out.forPeople ? shownFacts(channel) : undefined);
  },
});
