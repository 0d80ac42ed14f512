import type { Message, User } from '@parley/hub-protocol';
import { goBeside } from '../shell/place.ts';
import { fullTimeOf, useTimeFormat } from '../preferences/times.ts';

export interface MessageHeadProps {
  readonly message: Message;
  readonly name: string;
  readonly sender: User | undefined;
}

/** Who says it and when; of an agent also that it is one, and what it thinks with. */
export function MessageHead({ message, name, sender }: MessageHeadProps) {
  const { senderId, timestamp: at } = message;
  const clock = useTimeFormat();
  const agent = sender?.kind === 'agent';
  const model = message.model ?? (agent ? sender.model : null);
  return (
    <header className="message-head">
      {senderId === null ? (
        <b className="message-name">{name}</b>
      ) : (
        <button
          type="button"
          className="message-name"
          onClick={() => goBeside({ kind: 'profile', id: senderId })}
        >
          <bdi>{name}</bdi>
        </button>
      )}
      {agent && <span className="agent-mark">Agent</span>}
      {model !== null && <span className="model-mark">{model}</span>}
      <time dateTime={new Date(at).toISOString()} title={fullTimeOf(at)}>
        {clock.format(at)}
      </time>
    </header>
  );
}
