import { readExport } from '@parley/hub-client/admin';
import { defineCommand } from '../../command.ts';
import { requireFree, save } from '../../transfer/save.ts';
import { shownBytes } from '../file/bytes.ts';

export const hubExport = defineCommand({
  path: ['hub', 'export'],
  summary: 'Writes people, channels and messages to a file, a line of JSON for each',
  about: [
    'For the owner of the workspace, and noted in the audit log. Private channels are among them, conversations between two or a few only with --direct. Without secrets, and without the bytes of files: parley hub backup has those.',
    'parley hub import takes it in, also at a hub where others are already.',
  ],
  args: [{ name: 'file', summary: 'Where to write it' }],
  options: {
    direct: { type: 'flag', summary: 'With conversations between two or a few' },
    force: { type: 'flag', summary: 'Replace a file that is there' },
  },
  examples: [{ line: 'parley hub export lab.jsonl', says: 'What was said in channels' }],
  async run({ out, hub, world }, { args: { file }, options: { direct = false, force = false } }) {
    if (!force) await requireFree(file);
    const { url, token } = await hub();
    const bytes = await save(
      (signal) => readExport({ url, token, fetch: world.fetch, direct, signal }),
      { path: file, force, packed: false },
      world,
    );
    await out.result({ path: file, bytes });
    out.note(`${file}: ${shownBytes(bytes)}`);
  },
});
