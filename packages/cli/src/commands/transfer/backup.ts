import { readBackup } from '@parley/hub-client/admin';
import { defineCommand } from '../../command.ts';
import { requireFree, save } from '../../transfer/save.ts';
import { shownBytes } from '../file/bytes.ts';

export const hubBackup = defineCommand({
  path: ['hub', 'backup'],
  summary: 'Takes everything that a hub has along in one file, while it goes on',
  about: [
    'For the owner of the workspace. People, channels, messages, files, tokens (as hashes), webhooks with their secrets, and the audit log, all as they were at one moment. Keep the file where nobody else reads it.',
    'The file is there when all of it is; what was interrupted leaves nothing behind. parley hub restore makes a hub of it.',
  ],
  args: [{ name: 'file', summary: 'Where to write it' }],
  options: { force: { type: 'flag', summary: 'Replace a file that is there' } },
  examples: [{ line: 'parley hub backup parley.backup', says: 'To a file in this folder' }],
  async run({ out, hub, world }, { args: { file }, options: { force = false } }) {
    if (!force) await requireFree(file);
    const { url, token } = await hub();
    const bytes = await save(
      (signal) => readBackup({ url, token, fetch: world.fetch, signal }),
      { path: file, force, packed: true },
      world,
    );
    await out.result({ path: file, bytes });
    out.note(`${file}: ${shownBytes(bytes)}`);
  },
});
