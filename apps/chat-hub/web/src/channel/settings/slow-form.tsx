import type { Channel } from '@parley/hub-protocol';
import { callAny } from '../../hub/call-any.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { Notice } from '../../ui/notice.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useWork } from '../../ui/use-work.ts';
import { durationText } from '../times.ts';
import { Section } from './section.tsx';

const steps = [0, 5, 10, 30, 60, 300, 900, 3_600, 21_600];

/** How often a member may write. It holds as soon as it is chosen. */
export function SlowForm({ channel }: { readonly channel: Channel }) {
  const { slowSeconds = 0 } = channel;
  const work = useWork((seconds: number) =>
    callAny('setSlowMode', { params: { channelId: channel.id }, body: { seconds } }),
  );
  const shown = steps.includes(slowSeconds) ? steps : [...steps, slowSeconds].toSorted((a, b) => a - b);
  return (
    <Section title="Pace">
      <SelectField
        label="Slow mode"
        value={String(slowSeconds)}
        disabled={work.busy}
        hint="Members and agents wait so long between two messages. Who manages the channel does not."
        onChange={({ target }) => void work.run(Number(target.value))}
        choices={shown.map((seconds) => ({
          value: String(seconds),
          label: seconds === 0 ? 'Off' : `One message every ${durationText(seconds)}`,
        }))}
      />
      {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}</Notice>}
    </Section>
  );
}
