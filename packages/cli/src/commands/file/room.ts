import { callFiles } from '@parley/hub-client/files';
import { defineCommand } from '../../command.ts';
import { shownBytes } from './bytes.ts';

export const fileRoom = defineCommand({
  path: ['file', 'room'],
  summary: 'Shows how much room your files take, and may',
  args: [],
  options: {},
  examples: [
    { line: 'parley file room', says: 'In bytes' },
    { line: 'parley file room --json', says: 'For a program' },
  ],
  async run({ out, hub, world }) {
    const { url, token } = await hub();
    const room = await callFiles({ url, token, fetch: world.fetch })('readFileRoom');
    await out.list(
      [room],
      ['used', 'limit', 'largest file'],
      [[shownBytes(room.used), shownBytes(room.limit), shownBytes(room.largest)]],
    );
  },
});
