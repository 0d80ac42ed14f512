import type { Message } from '@parley/hub-protocol';

/** Who reacted with what. */
export function Reactions({ message }: { readonly message: Message }) {
  return message.reactions.length === 0 ? null : <div className="reactions" />;
}
