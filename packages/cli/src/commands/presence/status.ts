import { availabilities, type Status } from '@parley/hub-protocol';
import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { facts } from '../../facts.ts';
import { timeSpan } from '../../time-span.ts';
import { shownTime } from '../../times.ts';

export const status = defineCommand({
  path: ['status'],
  summary: 'Shows, sets or clears how you want to be seen',
  about: [
    'Without anything it shows what you have chosen. What is set takes the place of all that was chosen before, and ends by itself: when --for is over, or after 30 days.',
    'Who is invisible is shown to nobody as here.',
  ],
  args: [
    {
      name: 'text',
      optional: true,
      many: true,
      summary: 'What others read beside your name. Several words become one text',
    },
  ],
  options: {
    emoji: { type: 'text', value: 'EMOJI', summary: 'Shown before the text' },
    availability: {
      type: 'text',
      oneOf: availabilities,
      summary: 'How you are seen, instead of what your connections say',
    },
    for: { type: 'text', value: 'TIME', summary: 'How long: 30m, 1.5h, 2d' },
    clear: { type: 'flag', summary: 'Be seen as your connections say again' },
  },
  examples: [
    { line: 'parley status', says: 'What you have chosen' },
    { line: 'parley status "Reviewing PRs" --emoji 👀 --for 1h', says: 'A text, for an hour' },
    { line: 'parley status --availability dnd', says: 'Not to be disturbed' },
    { line: 'parley status --clear', says: 'As before' },
  ],
  async run({ out, hub }, { args: { text }, options }) {
    const { emoji, availability, clear = false } = options;
    const until = options.for === undefined ? undefined : Date.now() + timeSpan('--for', options.for);
    const chosen = {
      ...(text.length > 0 && { customStatus: text.join(' ') }),
      ...(emoji !== undefined && { emoji }),
      ...(availability !== undefined && { availability }),
    };
    const isEmpty = Object.keys(chosen).length === 0;
    if (clear && !(isEmpty && until === undefined))
      throw usageError('--clear goes with nothing else', 'parley status --clear');
    if (isEmpty && until !== undefined)
      throw usageError('--for needs to know what', 'Give a text, --emoji or --availability');
    const { call } = await hub();
    if (clear) await call('clearStatus');
    const now = isEmpty
      ? await call('readStatus')
      : await call('setStatus', { body: { ...chosen, ...(until !== undefined && { until }) } });
    await out.result(now, shownStatus(now));
  },
});

function shownStatus({ availability, customStatus, emoji, until }: Status): string {
  return facts([
    ['seen as', availability ?? 'your connections say'],
    ['emoji', emoji],
    ['text', customStatus],
    ['until', until === null ? undefined : shownTime(until)],
  ]);
}
