import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';

export interface CopyableProps {
  /** What it is, for screen readers. */
  readonly label: string;
  readonly text: string;
}

/** A text to take along. Where a browser lets no page copy, it is marked, and the keys do it. */
export function Copyable({ label, text }: CopyableProps) {
  const [copied, setCopied] = useState<'yes' | 'marked'>();
  const shown = useRef<HTMLElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied('yes');
    } catch {
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
      setCopied('marked');
    }
  };
  return (
    <div className="copyable">
      <pre role="region" tabIndex={0} aria-label={label}>
        <code ref={shown}>{text}</code>
      </pre>
      <Button onClick={() => void copy()} aria-label={`Copy: ${label}`}>
        {copied === 'yes' ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
        {copied === 'yes' ? 'Copied' : 'Copy'}
      </Button>
      <p role="status" className={copied === 'marked' ? 'copyable-hint' : 'quiet'}>
        {copied === 'yes' && 'It is in the clipboard.'}
        {copied === 'marked' && 'It is marked: Ctrl+C or ⌘C copies it.'}
      </p>
    </div>
  );
}
