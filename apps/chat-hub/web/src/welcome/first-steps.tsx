import { Bot, Check, Hash, UserPlus, X, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { openOverlay } from '../shell/overlay.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Notice } from '../ui/notice.tsx';
import { AgentForm } from './agent-form.tsx';
import { isClosed, keepClosed } from './closed.ts';
import { PersonForm } from './person-form.tsx';
import { useSteps, type StepName } from './use-steps.ts';
import './welcome.css';

interface Step {
  readonly name: StepName;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly about: string;
  readonly action: string;
}

const steps: readonly Step[] = [
  {
    name: 'channel',
    icon: Hash,
    title: 'Create a channel',
    about: 'One for each topic or project, open to all or by invitation.',
    action: 'Create',
  },
  {
    name: 'person',
    icon: UserPlus,
    title: 'Invite a person',
    about: 'They come in by a link, and choose their own password.',
    action: 'Invite',
  },
  {
    name: 'agent',
    icon: Bot,
    title: 'Connect an agent',
    about: 'Any program can take part. A line for your terminal lets one speak.',
    action: 'Connect',
  },
];

/** The first minute of a workspace, for who runs it. What is done is ticked, and the whole can be closed. */
export function FirstSteps() {
  const { userId } = useSession();
  const { done, error, look } = useSteps();
  const [closed, setClosed] = useState(() => isClosed(userId));
  const [open, setOpen] = useState<StepName>();
  const [used, setUsed] = useState(false);
  if (closed) return null;
  if (done === undefined)
    return error === undefined ? null : (
      <Notice tone="bad" action={{ label: 'Try again', onClick: () => void look() }}>
        What there is in this workspace could not be looked at. {sentenceOf(error)}.
      </Notice>
    );
  const whole = steps.every(({ name }) => done.has(name));
  // Who did the last step sees that it is done; who comes later needs none of it.
  if (whole && !used) return null;
  const next = steps.find(({ name }) => !done.has(name))?.name;
  const close = (): void => {
    keepClosed(userId);
    setClosed(true);
  };
  const settle = (): void => {
    setOpen(undefined);
    void look();
  };
  return (
    <section className="first-steps" aria-labelledby="first-steps">
      <header>
        <h3 id="first-steps">{whole ? 'Everything is there' : 'First steps'}</h3>
        <span className="first-steps-count">
          {done.size} of {steps.length}
        </span>
        <IconButton label="Close the first steps" icon={X} onClick={close} />
      </header>
      <ol>
        {steps.map(({ name, icon: Icon, title, about, action }) => (
          <li key={name} data-done={done.has(name) || undefined}>
            <span className="first-steps-mark">
              {done.has(name) ? <Check aria-hidden size={16} /> : <Icon aria-hidden size={16} />}
            </span>
            <div>
              <b>
                {title}
                {done.has(name) && <span className="quiet"> (done)</span>}
              </b>
              <p>{about}</p>
            </div>
            <Button
              tone={name === next ? 'main' : 'quiet'}
              aria-label={`${done.has(name) ? 'Again' : action}: ${title}`}
              onClick={() => {
                setUsed(true);
                if (name === 'channel') openOverlay({ kind: 'create-channel' });
                else setOpen(name);
              }}
            >
              {done.has(name) ? 'Again' : action}
            </Button>
          </li>
        ))}
      </ol>
      <Dialog title="Invite a person" open={open === 'person'} onClose={settle}>
        <PersonForm onDone={settle} />
      </Dialog>
      <Dialog title="Connect an agent" open={open === 'agent'} onClose={settle}>
        <AgentForm onDone={settle} />
      </Dialog>
    </section>
  );
}
