import type { Message } from '@parley/hub-protocol';
import { lazy, Suspense } from 'react';
import { MessageBody } from './message-body.tsx';

const EditFields = lazy(() =>
  import('./edit-fields.tsx').then(({ EditFields }) => ({ default: EditFields })),
);

/** A message while its author changes it. It is read until the form is there. */
export function EditForm({ message }: { readonly message: Message }) {
  return (
    <Suspense fallback={<MessageBody message={message} />}>
      <EditFields message={message} />
    </Suspense>
  );
}
