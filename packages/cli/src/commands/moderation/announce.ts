import { announcementLevels } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';

export const announce = defineCommand({
  path: ['announce'],
  summary: 'Tells something to everybody who is connected now',
  args: [{ name: 'text', many: true, summary: 'What. Several words become one text' }],
  options: {
    level: { type: 'text', oneOf: announcementLevels, summary: 'How urgent it is. Otherwise info' },
  },
  examples: [
    { line: 'parley announce "The hub restarts at noon" --level warning', says: 'For administrators' },
  ],
  async run({ out, hub }, { args, options }) {
    const { call } = await hub();
    const content = args.text.join(' ');
    const announced = await call('announce', { body: { content, ...options } });
    await out.result(announced);
    out.note('Everybody who is connected has been told.');
  },
});
