import type { AuditEntry, AuditRecord } from '@parley/hub-protocol';
import { useUser } from '../../hub/context.ts';
import { Person } from '../parts/person.tsx';
import { momentOf } from '../../preferences/times.ts';
import { ChannelName } from '../webhooks/channel-name.tsx';
import { isOfUser } from './action-words.ts';

/** To whom or what it was done. */
export function EntrySubject({ entry: { action, subjectId, channelId } }: { readonly entry: AuditEntry }) {
  const known = useUser(subjectId) !== undefined;
  const person = subjectId !== null && (known || isOfUser(action));
  return (
    <>
      {person && <Person userId={subjectId} />} {channelId !== null && <ChannelName channelId={channelId} />}
      {!person && channelId === null && subjectId !== null && (
        <span className="code" title={subjectId}>
          …{subjectId.slice(-8)}
        </span>
      )}
    </>
  );
}

/** All that was noted, for who looks closer. */
export function EntryDetails({ record: { seq, hash, entry } }: { readonly record: AuditRecord }) {
  const facts: ReadonlyArray<readonly [name: string, value: string | null]> =
    entry === null
      ? []
      : [
          ['Time', momentOf(entry.at)],
          ['Action', entry.action],
          ['By', entry.via],
          ['From', entry.address],
          ['To', entry.subjectId],
          ...Object.entries(entry.details).map(([name, value]) => [name, textOf(value)] as const),
          ['Id', entry.id],
        ];
  return (
    <details className="entry">
      <summary>{seq === null ? 'Not sealed yet' : `Seal ${seq}`}</summary>
      <dl>
        {[...facts, ['Hash', hash] as const].map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="code">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </details>
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
