import type { ReactNode } from 'react';
import './parts.css';

export interface PageHeadProps {
  readonly title: ReactNode;
  readonly about?: ReactNode;
  /** What can be done here. */
  readonly children?: ReactNode;
}

/** What a page is, and what can be done on it. */
export function PageHead({ title, about, children }: PageHeadProps) {
  return (
    <header className="page-head">
      <div>
        <h2>{title}</h2>
        {about !== undefined && <p>{about}</p>}
      </div>
      {children !== undefined && <div className="page-actions">{children}</div>}
    </header>
  );
}

export interface SectionProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

export function Section({ title, about, actions, children }: SectionProps) {
  return (
    <section className="page-section" aria-label={title}>
      <header>
        <div>
          <h3>{title}</h3>
          {about !== undefined && <p>{about}</p>}
        </div>
        {actions !== undefined && <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
