import { useId, type ReactNode } from 'react';

export interface SectionProps {
  readonly title: string;
  readonly about?: ReactNode;
  readonly children: ReactNode;
}

/** Settings that belong together. */
export function Section({ title, about, children }: SectionProps) {
  const id = useId();
  return (
    <section className="settings-section" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {about !== undefined && <p className="settings-about">{about}</p>}
      {children}
    </section>
  );
}
