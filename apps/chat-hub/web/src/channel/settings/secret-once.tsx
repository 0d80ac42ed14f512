import { Check, Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';

export interface SecretOnceProps {
  readonly label: string;
  readonly secret: string;
  readonly about: string;
  readonly onDone: () => void;
}

/** A secret that the hub tells once. It is kept nowhere, and gone when it is closed. */
export function SecretOnce({ label, secret, about, onDone }: SecretOnceProps) {
  const id = useId();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return (
    <div className="secret-once">
      <label htmlFor={id}>{label}</label>
      <div>
        <input id={id} readOnly value={secret} onFocus={({ target }) => target.select()} />
        {/* Where a page may not copy by itself, the text is selected, and the keys do it. */}
        <Button onClick={() => void copy().catch(() => document.getElementById(id)?.focus())}>
          {copied ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      </div>
      <p>{about}</p>
      <Button onClick={onDone}>I have kept it</Button>
    </div>
  );
}
