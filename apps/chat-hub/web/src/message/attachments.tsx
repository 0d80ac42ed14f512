import type { Message } from '@parley/hub-protocol';

/** What was uploaded for a message. */
export function Attachments({ message }: { readonly message: Message }) {
  return (
    <>
      {message.files?.map((file) => (
        <a key={file.id} href={`/api/v1/files/${file.id}/content`}>
          {file.name}
        </a>
      ))}
    </>
  );
}
