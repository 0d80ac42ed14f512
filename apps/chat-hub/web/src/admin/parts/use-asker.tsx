import { useState, type ReactNode } from 'react';
import { Confirm } from '../../ui/confirm.tsx';
import { SecretDialog, type Told } from './secret-dialog.tsx';

interface Question {
  readonly title: string;
  /** What will happen. */
  readonly what: ReactNode;
  readonly yes: string;
  /** @default danger */
  readonly tone?: 'danger' | 'main';
  readonly work: () => Promise<unknown>;
}

export interface Asker {
  /** Asks before it is done. */
  readonly ask: (question: Question) => void;
  /** Shows once what nobody is told again. */
  readonly tell: (told: Told) => void;
  /** Where both stand. */
  readonly dialogs: ReactNode;
}

/** Questions and secrets of a page, one at a time. A secret is forgotten when its dialog closes. */
export function useAsker(): Asker {
  const [question, ask] = useState<Question>();
  const [told, tell] = useState<Told>();
  const dialogs = (
    <>
      {question !== undefined && (
        <Confirm
          title={question.title}
          button={question.yes}
          tone={question.tone}
          act={question.work}
          onClose={() => ask(undefined)}
        >
          {question.what}
        </Confirm>
      )}
      <SecretDialog told={told} onClose={() => tell(undefined)} />
    </>
  );
  return { ask, tell, dialogs };
}
