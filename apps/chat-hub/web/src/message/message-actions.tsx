import type { Message } from '@parley/hub-protocol';

/** What can be done with a message. It stands over its row when somebody points at it, or comes to it by the keyboard. */
export function MessageActions({ message }: { readonly message: Message }) {
  return <div className="message-actions" hidden={message.deletedAt !== null} />;
}
