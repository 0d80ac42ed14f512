import { isHubError } from '@parley/hub-protocol';
import type { ReactNode } from 'react';
import { filled } from '../../entrance/filled.ts';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useWork } from '../../ui/use-work.ts';
import './parts.css';

export interface FormDialogProps {
  readonly title: string;
  readonly yes: string;
  /** Fields that tell themselves what is wrong with them. */
  readonly fields: readonly string[];
  readonly children: (about: (field: string) => string | undefined) => ReactNode;
  readonly onClose: () => void;
  /** Closed when it is done; what was typed stays where it fails. */
  readonly onSubmit: (
    values: Readonly<Record<string, string | undefined>>,
    form: FormData,
  ) => Promise<unknown>;
}

/** Some fields, and what comes of them. */
export function FormDialog({ title, yes, fields, children, onClose, onSubmit }: FormDialogProps) {
  const { run, busy, error } = useWork(async (form: HTMLFormElement) => {
    await onSubmit(filled(form), new FormData(form));
    onClose();
  });
  const of = isHubError(error) ? error.field : undefined;
  const about = (field: string): string | undefined => (of === field ? sentenceOf(error) : undefined);
  return (
    <Dialog title={title} open onClose={onClose}>
      <form
        className="dialog-form"
        aria-label={title}
        onSubmit={(event) => {
          event.preventDefault();
          void run(event.currentTarget);
        }}
      >
        {error !== undefined && (of === undefined || !fields.includes(of)) && (
          <Notice tone="bad">{sentenceOf(error)}</Notice>
        )}
        {children(about)}
        <footer className="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="main" type="submit" disabled={busy}>
            {yes}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
