import type { Message } from '@parley/hub-protocol';
import { Brain, Wrench } from 'lucide-react';
import { MessageBody } from '../message/message-body.tsx';
import { fullTimeOf, useTimeFormat } from '../preferences/times.ts';
import { detailsOf } from './turn-details.ts';

/** The thoughts and actions of a turn, one after another. */
export function TurnSteps({ steps }: { readonly steps: readonly Message[] }) {
  return (
    <ol className="turn-steps">
      {steps.map((step) => (
        <Step key={step.id} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { readonly step: Message }) {
  const action = step.kind === 'action';
  const clock = useTimeFormat();
  const { tool, parts } = detailsOf(step.data);
  const Icon = action ? Wrench : Brain;
  return (
    <li className="turn-step" data-kind={step.kind} data-message={step.id}>
      <span className="turn-step-icon">
        <Icon aria-hidden size={14} />
      </span>
      <div>
        <p className="turn-step-head">
          <span>{action ? 'Action' : 'Thought'}</span>
          {tool !== undefined && <code>{tool}</code>}
          <time dateTime={new Date(step.timestamp).toISOString()} title={fullTimeOf(step.timestamp)}>
            {clock.format(step.timestamp)}
          </time>
        </p>
        <MessageBody message={step} />
        {parts.map(({ name, text }) => (
          <details key={name} className="turn-part">
            <summary>{name}</summary>
            {/* Long results scroll, and what scrolls must be within reach of the keyboard. */}
            <pre tabIndex={0} dir="ltr">
              {text}
            </pre>
          </details>
        ))}
      </div>
    </li>
  );
}
