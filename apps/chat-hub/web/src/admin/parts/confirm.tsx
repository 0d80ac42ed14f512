import type { ReactNode } from 'react';
import { sentenceOf } from '../../hub/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useWork } from '../../ui/use-work.ts';
import './parts.css';

export interface Question {
  readonly title: string;
  /** What will happen. */
  readonly what: ReactNode;
  readonly yes: string;
  /** @default danger */
  readonly tone?: 'danger' | 'main';
  readonly work: () => Promise<unknown>;
}

export interface ConfirmProps {
  readonly question: Question | undefined;
  readonly onClose: () => void;
}

/** Asks before something is done that others feel. What the hub refuses is told in its place. */
export function Confirm({ question, onClose }: ConfirmProps) {
  return question === undefined ? null : <Asking question={question} onClose={onClose} />;
}

function Asking({ question, onClose }: ConfirmProps & { readonly question: Question }) {
  const { run, busy, error } = useWork(async () => {
    await question.work();
    onClose();
  });
  return (
    <Dialog title={question.title} open onClose={onClose} size="small">
      <p className="dialog-about">{question.what}</p>
      {error !== undefined && <Notice tone="bad">{sentenceOf(error)}</Notice>}
      <footer className="dialog-foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button tone={question.tone ?? 'danger'} disabled={busy} onClick={() => void run()}>
          {question.yes}
        </Button>
      </footer>
    </Dialog>
  );
}
