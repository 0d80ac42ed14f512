import { limits } from '@parley/hub-protocol';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useWork } from '../../ui/use-work.ts';
import { callAny } from '../../hub/call-any.ts';
import { formText } from '../parts/form-text.ts';
import { Section } from '../parts/page-head.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { momentOf } from '../../preferences/times.ts';
import type { UserSectionProps } from './user-page.tsx';
import { isTimedOut } from './user-status.tsx';

const spans = [
  { value: '600', label: '10 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '1 week' },
  { value: '2592000', label: '30 days' },
] as const;

/** Lets somebody do nothing but read, for a time. */
export function TimeoutSection({ user, onChange }: UserSectionProps) {
  const { say } = useToasts();
  const params = { userId: user.id };
  const begin = useWork(async (form: FormData) => {
    const reason = formText(form, 'reason');
    const body = { seconds: Number(form.get('seconds')), ...(reason !== '' && { reason }) };
    onChange(await callAny('timeOutUser', { params, body }));
    say(`${user.displayName} only reads for now.`);
  });
  const end = useWork(async () => {
    onChange(await callAny('endTimeout', { params }));
    say(`${user.displayName} may take part again.`);
  });
  const error = begin.error ?? end.error;
  if (isTimedOut(user))
    return (
      <Section
        title="Time-out"
        about={`Until ${momentOf(user.timeoutUntil ?? 0)} they read, and do nothing else.`}
        actions={
          <Button disabled={end.busy} onClick={() => void end.run()}>
            End the time-out
          </Button>
        }
      >
        {error !== undefined && <Notice tone="bad">{sentenceOf(error)}</Notice>}
      </Section>
    );
  return (
    <Section
      title="Time-out"
      about="In the whole workspace they read, and do nothing else, until it is over."
    >
      <form
        className="timeout-form"
        aria-label="Time-out"
        onSubmit={(event) => {
          event.preventDefault();
          void begin.run(new FormData(event.currentTarget));
        }}
      >
        <SelectField label="For" name="seconds" defaultValue="3600" choices={spans} />
        <Field label="Reason, for the audit log" name="reason" dir="auto" maxLength={limits.reason} />
        <Button type="submit" disabled={begin.busy}>
          Time out
        </Button>
        {error !== undefined && <Notice tone="bad">{sentenceOf(error)}</Notice>}
      </form>
    </Section>
  );
}
