import { setTimeout as sleep } from 'node:timers/promises';
import { importLines } from '@parley/hub-client/admin';
import { isHubError, type ImportReport } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import { exitCodes } from '../../exit-codes.ts';
import { facts } from '../../facts.ts';
import { safeLine } from '../../safe-text.ts';
import { slackLines, slackSource } from '../../slack/slack-lines.ts';
import { batchesOf } from '../../transfer/batches.ts';
import { linesOf, sourceOf } from '../../transfer/export-file.ts';

const mostAttempts = 6;
/** All of them are said as they come; so many are kept for the result. */
const mostTold = 1_000;

export const hubImport = defineCommand({
  path: ['hub', 'import'],
  summary: 'Takes in what parley hub export wrote, or an export of Slack',
  about: [
    'For the owner of the workspace. What was interrupted goes on: run the same command again, and what is there is not there twice. Channels are made anew, with a number behind their name where there is one; people of the same handle are taken to be the same.',
    'A line that cannot be taken is told with its file and its number, and the rest is imported; then the command ends with 1.',
    'An export of Slack is given as the folder that its archive was unpacked to. Conversations between two or a few and the bytes of files are not imported.',
  ],
  args: [{ name: 'path', summary: 'The file of an export, or the folder of one of Slack' }],
  options: {
    from: { type: 'text', oneOf: ['parley', 'slack'], summary: 'Whose export it is, instead of parley' },
    source: {
      type: 'text',
      value: 'NAME',
      summary: 'What it comes from, if it does not say so itself: the same name, the same messages',
    },
  },
  examples: [
    { line: 'parley hub import lab.jsonl', says: 'From another hub' },
    { line: 'parley hub import --from slack ./slack-export', says: 'From Slack' },
  ],
  async run({ out, hub, world }, { args: { path }, options: { from = 'parley', source: named } }) {
    const source = named ?? (await (from === 'slack' ? slackSource(path) : sourceOf(path)));
    const { url, token } = await hub();
    let count = 0;
    const refused: { file: string; line: number; reason: string }[] = [];
    const refuse = (file: string, line: number, reason: string): void => {
      count += 1;
      if (refused.length < mostTold) refused.push({ file, line, reason });
      out.say(`${file}:${line}: ${safeLine(reason)}`);
    };
    let added = 0;
    let known = 0;
    const lines = from === 'slack' ? slackLines(path) : linesOf(path);
    for await (const batch of batchesOf(lines, ({ file, line, broken }) => refuse(file, line, broken))) {
      const text = batch.map((one) => `${one.text}\n`).join('');
      const report = await patiently(() =>
        importLines({ url, token, fetch: world.fetch, source, lines: text }),
      );
      added += report.added;
      known += report.known;
      for (const { line, reason } of report.refused) {
        const place = batch[line - 1];
        if (place !== undefined) refuse(place.file, place.line, reason);
      }
    }
    await out.result(
      { source, added, known, refused: count, lines: refused },
      facts([
        ['source', source],
        ['new', String(added)],
        ['there already', String(known)],
        ['refused', String(count)],
      ]),
    );
    return count === 0 ? exitCodes.ok : exitCodes.failed;
  },
});

/** Sent again, lines change nothing: a hub that is busy or restarts is waited for. */
async function patiently(work: () => Promise<ImportReport>): Promise<ImportReport> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isHubError(error) || !error.retryable || failures >= mostAttempts) throw error;
      await sleep(Math.max(error.retryAfter ?? 0, 250 * 2 ** failures));
    }
  }
}
