import { EyeOff, X } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';
import { closeLine, useCommandLines, type CommandLine } from './command-lines.ts';

/** What commands answered to who typed them. It stays until it is closed. */
export function PrivateLines({ channelId }: { readonly channelId: string }) {
  const lines = useCommandLines(channelId);
  return (
    <div className="private-lines" role="status">
      {lines.map((line) => (
        <div key={line.id} className="private-line" data-state={line.state}>
          <div>
            <p className="private-about">
              <EyeOff aria-hidden size={13} /> Only you see this · <code dir="auto">{line.typed}</code>
            </p>
            {line.answers.map((answer, at) => (
              // They are only ever added to.
              <p key={at} className="private-answer" dir="auto">
                {answer}
              </p>
            ))}
            <State line={line} />
          </div>
          <IconButton
            label={`Close the answer to ${line.typed}`}
            icon={X}
            onClick={() => closeLine(line.id)}
          />
        </div>
      ))}
    </div>
  );
}

function State({ line: { state, error, answers } }: { readonly line: CommandLine }) {
  if (state === 'working')
    return <p className="private-about">It is being worked on. An answer is shown here.</p>;
  if (state === 'expired' && answers.length === 0)
    return <p className="private-about">Nobody answered in time.</p>;
  if (state === 'failed')
    return <p className="private-bad">It did not work: {error ?? 'nobody said why'}.</p>;
  return null;
}
