import type { Message } from '@parley/hub-protocol';

/** What a message says. */
export function MessageBody({ message }: { readonly message: Message }) {
  return (
    <div className="message-body" dir="auto">
      {message.deletedAt === null ? message.content : <em>This message was deleted.</em>}
    </div>
  );
}
