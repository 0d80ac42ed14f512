import { limits, type RetentionRule } from '@parley/hub-protocol';
import { useEffect, useState } from 'react';
import { callAny } from '../../hub/call-any.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useWork } from '../../ui/use-work.ts';
import { ListState } from './list-state.tsx';
import { Section } from './section.tsx';
import { useList } from './use-list.ts';

/** How long messages of the channel are kept. */
export function RetentionForm({ channelId }: { readonly channelId: string }) {
  const list = useList(async () => [await callAny('readRetention', { params: { channelId } })]);
  const rule = list.items?.[0];
  return (
    <Section title="How long messages are kept">
      <ListState list={list} empty="" />
      {rule && <RuleForm channelId={channelId} rule={rule} />}
    </Section>
  );
}

type Way = 'everywhere' | 'ever' | 'days';
const ways: ReadonlyArray<{ readonly value: Way; readonly label: string }> = [
  { value: 'everywhere', label: 'As everywhere in the workspace' },
  { value: 'ever', label: 'For ever' },
  { value: 'days', label: 'For some days' },
];
const wayOf = (days: number | null): Way => (days === null ? 'everywhere' : days === 0 ? 'ever' : 'days');

function RuleForm({ channelId, rule }: { readonly channelId: string; readonly rule: RetentionRule }) {
  const toasts = useToasts();
  const [saved, setSaved] = useState(rule);
  const [way, setWay] = useState(wayOf(rule.days));
  const [days, setDays] = useState(String(rule.days === null || rule.days === 0 ? 90 : rule.days));
  useEffect(() => setSaved(rule), [rule]);
  const wanted = way === 'everywhere' ? null : way === 'ever' ? 0 : Number(days);
  const work = useWork(async () => {
    setSaved(await callAny('setRetention', { params: { channelId }, body: { days: wanted } }));
    toasts.say('Saved.');
  });
  const kept = saved.inForce === 0 ? 'for ever' : `for ${saved.inForce.toLocaleString()} days`;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void work.run();
      }}
    >
      <SelectField
        label="Messages are kept"
        value={way}
        hint={`In force: ${kept}`}
        choices={ways}
        onChange={({ target }) => setWay(ways.find(({ value }) => value === target.value)?.value ?? way)}
      />
      {way === 'days' && (
        <Field
          label="Days"
          type="number"
          min={1}
          max={limits.retentionDays}
          required
          value={days}
          hint="Older messages and their files are deleted for good, for everybody."
          onChange={({ target }) => setDays(target.value)}
        />
      )}
      {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}</Notice>}
      <div className="settings-foot">
        <Button
          type="submit"
          tone={way === 'days' && wanted !== saved.days ? 'danger' : 'main'}
          disabled={wanted === saved.days || work.busy}
        >
          Save
        </Button>
      </div>
    </form>
  );
}
