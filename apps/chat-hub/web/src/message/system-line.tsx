import type { Message } from '@parley/hub-protocol';
import { fullTimeOf, useTimeFormat } from '../preferences/times.ts';

export interface SystemLineProps {
  readonly message: Message;
  readonly rowKey: string;
  readonly tabIndex: 0 | -1 | undefined;
}

/** What the hub itself tells. */
export function SystemLine({ message, rowKey, tabIndex }: SystemLineProps) {
  const { timestamp: at } = message;
  const clock = useTimeFormat();
  return (
    <article
      className="system-line"
      data-row={rowKey}
      data-message={message.id}
      tabIndex={tabIndex}
      aria-label={`Parley, ${clock.format(at)}`}
    >
      <span dir="auto">{message.deletedAt === null ? message.content : 'This message was deleted.'}</span>{' '}
      <time dateTime={new Date(at).toISOString()} title={fullTimeOf(at)}>
        {clock.format(at)}
      </time>
    </article>
  );
}
