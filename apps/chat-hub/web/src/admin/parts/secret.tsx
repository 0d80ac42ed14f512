import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import './parts.css';

export interface SecretProps {
  readonly label: string;
  readonly text: string;
}

/** Something that is told once, and can be taken along. Where the browser copies nothing, it is marked, to be copied by hand. */
export function Secret({ label, text }: SecretProps) {
  const field = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<'fresh' | 'copied' | 'marked'>('fresh');
  useEffect(() => setState('fresh'), [text]);
  const copy = async (): Promise<void> => {
    field.current?.select();
    // Where the page came over a line that others can read, there is none.
    const board: Clipboard | undefined = navigator.clipboard;
    try {
      await board?.writeText(text);
      setState(board === undefined ? 'marked' : 'copied');
    } catch {
      setState('marked');
    }
  };
  return (
    <div className="secret">
      <label>
        <span>{label}</span>
        <input
          ref={field}
          readOnly
          value={text}
          spellCheck={false}
          onFocus={(event) => event.target.select()}
        />
      </label>
      <Button onClick={() => void copy()} aria-label={`Copy: ${label}`}>
        {state === 'copied' ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
        {state === 'copied' ? 'Copied' : 'Copy'}
      </Button>
      <p role="status">{state === 'marked' ? 'It is marked: copy it with your keyboard.' : ''}</p>
    </div>
  );
}
