import type { Message } from '@parley/hub-protocol';
import { edit } from './editing.ts';

/** A message while its author changes it. */
export function EditForm({ message }: { readonly message: Message }) {
  return (
    <form>
      <textarea aria-label="Change the message" defaultValue={message.content} />
      <button type="button" onClick={() => edit(undefined)}>
        Cancel
      </button>
    </form>
  );
}
