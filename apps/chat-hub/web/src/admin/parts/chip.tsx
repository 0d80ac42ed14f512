import type { ReactNode } from 'react';
import './parts.css';

/** A word on how something stands. It is said by the word, and the colour only agrees. */
export function Chip({
  tone = 'plain',
  children,
}: {
  readonly tone?: 'plain' | 'good' | 'warn' | 'bad';
  readonly children: ReactNode;
}) {
  return (
    <span className="chip" data-tone={tone}>
      {children}
    </span>
  );
}
