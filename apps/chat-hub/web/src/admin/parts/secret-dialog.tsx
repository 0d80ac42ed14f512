import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Secret, type SecretProps } from './secret.tsx';

/** What is told once. It is kept by whoever shows it, and only as long as it is shown. */
export interface Told {
  readonly title: string;
  readonly about: string;
  readonly secrets: readonly SecretProps[];
}

export function SecretDialog({
  told,
  onClose,
}: {
  readonly told: Told | undefined;
  readonly onClose: () => void;
}) {
  if (told === undefined) return null;
  return (
    <Dialog title={told.title} open onClose={onClose}>
      <p className="dialog-about">{told.about}</p>
      {told.secrets.map((secret) => (
        <Secret key={secret.label} {...secret} />
      ))}
      <footer className="dialog-foot">
        <Button tone="main" onClick={onClose}>
          Done
        </Button>
      </footer>
    </Dialog>
  );
}
