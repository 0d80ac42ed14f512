import type { ReactNode } from 'react';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Notice } from './notice.tsx';
import { useWork } from './use-work.ts';

export interface ConfirmProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** What the button says that does it. */
  readonly button: string;
  /** @default danger */
  readonly tone?: 'danger' | 'main' | undefined;
  readonly act: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks once before something that is hard to undo. What goes wrong is told, and can be tried again. */
export function Confirm({ title, children, button, tone = 'danger', act, onClose }: ConfirmProps) {
  const work = useWork(async () => {
    await act();
    onClose();
  });
  return (
    <Dialog title={title} open onClose={onClose} size="small">
      <div className="confirm">
        <div className="confirm-about">{children}</div>
        {work.error !== undefined && <Notice tone="bad">{sentenceOf(work.error)}.</Notice>}
        <div className="confirm-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button tone={tone} disabled={work.busy} onClick={() => void work.run()}>
            {button}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
