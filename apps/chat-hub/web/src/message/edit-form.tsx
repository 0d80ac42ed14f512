import { later } from '../ui/later.tsx';
import { MessageBody } from './message-body.tsx';

/** A message while its author changes it. It is read until the form is there. */
export const EditForm = later(
  () => import('./edit-fields.tsx').then((part) => part.EditFields),
  ({ message }) => <MessageBody message={message} />,
);
