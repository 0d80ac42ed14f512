import { callFiles } from '@parley/hub-client/files';
import { defineCommand } from '../../command.ts';

export const deleteFile = defineCommand({
  path: ['file', 'delete'],
  summary: 'Deletes a file: messages lose it',
  about: ['Your own, also in a channel that you left, or any in a channel that you manage.'],
  args: [{ name: 'id', summary: 'The id of the file, as parley file list shows it' }],
  options: {},
  examples: [{ line: 'parley file delete 018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a08', says: 'By its id' }],
  async run({ out, hub, world }, { args: { id } }) {
    const { url, token } = await hub();
    await callFiles({ url, token, fetch: world.fetch })('deleteFile', { params: { fileId: id } });
    await out.result({ id, deleted: true });
    out.note('The file is deleted.');
  },
});
