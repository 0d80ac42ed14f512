import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { fold, useFolded } from './folded.ts';

export interface SectionProps {
  readonly name: string;
  readonly title: string;
  /** Beside the title. */
  readonly actions?: ReactNode;
  /** What is shown also of a folded one: what is unread, and where one is. */
  readonly children: (folded: boolean) => ReactNode;
}

/** A part of the list with a title, which can be folded away. */
export function Section({ name, title, actions, children }: SectionProps) {
  const folded = useFolded(name);
  const id = useId();
  const Chevron = folded ? ChevronRight : ChevronDown;
  return (
    <section className="sidebar-section" aria-labelledby={id}>
      <header>
        <h2 id={id}>
          <button
            type="button"
            className="sidebar-fold"
            aria-expanded={!folded}
            onClick={() => fold(name, !folded)}
          >
            <Chevron aria-hidden size={14} />
            <span>{title}</span>
          </button>
        </h2>
        {actions}
      </header>
      {children(folded)}
    </section>
  );
}
