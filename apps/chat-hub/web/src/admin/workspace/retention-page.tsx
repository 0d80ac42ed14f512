import { isHubError, limits, type RetentionRule } from '@parley/hub-protocol';
import { useMemo, useState } from 'react';
import { useHubState } from '../../hub/context.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { callAny } from '../../hub/call-any.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { useList } from '../parts/use-list.ts';
import { ChannelName } from '../webhooks/channel-name.tsx';

interface Row {
  readonly channelId: string;
  /** Undefined: one may not know. */
  readonly rule: RetentionRule | undefined;
}

/** Each is a request of its own. */
const atOnce = 20;

const daysText = (days: number): string =>
  days === 0 ? 'for ever' : days === 1 ? 'one day' : `${days} days`;

/** How long messages are kept, channel by channel. */
export function RetentionPage() {
  const { say } = useToasts();
  const [changing, setChanging] = useState<Row>();
  const channels = useHubState((state) => state.channels);
  const ready = useHubState((state) => state.ready);
  const ids = useMemo(
    () =>
      [...channels.values()]
        .map(({ channel }) => channel)
        .filter(({ kind }) => kind === 'public' || kind === 'private')
        .toSorted((a, b) => (a.name ?? '').localeCompare(b.name ?? ''))
        .map(({ id }) => id),
    [channels],
  );
  const list = useList<Row>(
    async (cursor, signal) => {
      const from = Number(cursor ?? 0);
      const items = await Promise.all(
        ids.slice(from, from + atOnce).map(async (channelId) => ({
          channelId,
          rule: await callAny('readRetention', { params: { channelId }, signal }).catch((error: unknown) => {
            if (signal?.aborted !== true && isHubError(error) && [403, 404].includes(error.status))
              return undefined;
            throw error;
          }),
        })),
      );
      return { items, next: from + atOnce < ids.length ? String(from + atOnce) : null };
    },
    ready ? ids.join(' ') : '',
  );
  return (
    <>
      <PageHead
        title="Retention"
        about="After how many days messages are deleted, in the channels that you are in. What holds where nothing is said is set where the hub is started."
      />
      <ListTable
        caption="How long messages are kept"
        keyOf={({ channelId }) => channelId}
        list={list}
        empty="You are in no channel."
        columns={[
          { head: 'Channel', cell: ({ channelId }) => <ChannelName channelId={channelId} /> },
          {
            head: 'Messages are kept',
            cell: ({ rule }) =>
              rule === undefined ? (
                <span className="soft">for who manages the channel to see</span>
              ) : (
                daysText(rule.inForce)
              ),
          },
          {
            head: 'Why',
            cell: ({ rule }) =>
              rule && (
                <span className="soft">{rule.days === null ? 'as everywhere' : 'said of this channel'}</span>
              ),
          },
          {
            head: 'Actions',
            actions: true,
            cell: (row) => row.rule && <Button onClick={() => setChanging(row)}>Change</Button>,
          },
        ]}
      />
      {changing !== undefined && (
        <ChangeRule
          row={changing}
          onClose={() => setChanging(undefined)}
          onChange={(rule) => {
            list.change((rows) =>
              rows.map((row) => (row.channelId === changing.channelId ? { ...row, rule } : row)),
            );
            say('The rule is changed.');
          }}
        />
      )}
    </>
  );
}

interface ChangeRuleProps {
  readonly row: Row;
  readonly onClose: () => void;
  readonly onChange: (rule: RetentionRule) => void;
}

function ChangeRule({ row: { channelId, rule }, onClose, onChange }: ChangeRuleProps) {
  const days = rule?.days ?? null;
  const [how, setHow] = useState(days === null ? 'as everywhere' : days === 0 ? 'for ever' : 'for days');
  return (
    <FormDialog
      title="How long messages are kept"
      yes="Change"
      fields={['days']}
      onClose={onClose}
      onSubmit={async ({ days }) => {
        const wanted = how === 'as everywhere' ? null : how === 'for ever' ? 0 : Number(days);
        onChange(await callAny('setRetention', { params: { channelId }, body: { days: wanted } }));
      }}
    >
      {(about) => (
        <>
          <SelectField
            label="Keep messages"
            value={how}
            onChange={(event) => setHow(event.target.value)}
            choices={[
              { value: 'as everywhere', label: 'As everywhere' },
              { value: 'for ever', label: 'For ever' },
              { value: 'for days', label: 'For some days' },
            ]}
          />
          {how === 'for days' && (
            <Field
              label="Days"
              name="days"
              type="number"
              inputMode="numeric"
              min={1}
              max={limits.retentionDays}
              defaultValue={days === null || days === 0 ? 90 : days}
              hint="What is older is deleted for good, also what was written before now."
              error={about('days')}
              required
            />
          )}
        </>
      )}
    </FormDialog>
  );
}
