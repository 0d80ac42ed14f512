import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import './ui.css';

export interface NoticeProps {
  readonly tone?: 'bad' | 'good' | 'plain';
  readonly children: ReactNode;
  readonly action?: { readonly label: string; readonly onClick: () => void } | undefined;
}

/** A sentence that stands where it happened: what is empty, what failed and what to do about it. */
export function Notice({ tone = 'plain', children, action }: NoticeProps) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <p>{children}</p>
      {action && <Button onClick={action.onClick}>{action.label}</Button>}
    </div>
  );
}
