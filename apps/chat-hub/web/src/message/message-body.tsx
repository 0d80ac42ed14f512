import type { Message } from '@parley/hub-protocol';
import { memo, useDeferredValue, useState, type MouseEvent, type ReactNode } from 'react';
import { useHub } from '../hub/context.ts';
import { excerptOf } from '../markdown/excerpt.ts';
import { knownOf } from '../markdown/known.ts';
import { useMarkdown } from '../markdown/load.ts';
import { isEmojiOnly, isPlain } from '../markdown/plain.ts';
import { goBeside } from '../shell/place.ts';
import { Button } from '../ui/button.tsx';
import '../markdown/markdown.css';

/** Which long messages were opened: they stay so, also when they were out of view. */
const opened = new Set<string>();

/** What a message says. */
export const MessageBody = memo(function MessageBody({ message }: { readonly message: Message }) {
  const { id, content, deletedAt, streaming } = message;
  const [open, setOpen] = useState(() => opened.has(id));
  if (deletedAt !== null) return <p className="message-gone">This message was deleted.</p>;
  if (content === '' && streaming !== 'open') return null;
  const excerpt = streaming === 'open' ? undefined : excerptOf(content);
  const toggle = (): void => {
    if (open) opened.delete(id);
    else opened.add(id);
    setOpen(!open);
  };
  return (
    <>
      <Said message={message} text={open || excerpt === undefined ? content : excerpt} />
      {excerpt !== undefined && (
        <Button tone="link" className="show-more" aria-expanded={open} onClick={toggle}>
          {open ? 'Show less' : `Show more (${content.length.toLocaleString()} characters)`}
        </Button>
      )}
      {streaming === 'cut' && <p className="cut-mark">Its author went silent: this is what was heard.</p>}
    </>
  );
});

interface SaidProps {
  readonly message: Message;
  readonly text: string;
}

const rendered = new WeakMap<Message, Map<string, ReactNode>>();

function Said({ message, text: latest }: SaidProps) {
  const hub = useHub();
  const text = useDeferredValue(latest);
  const plain = isPlain(text);
  const render = useMarkdown(!plain);
  const streams = message.streaming === 'open' || undefined;
  if (plain || render === undefined)
    return (
      <div
        className="message-body"
        dir="auto"
        data-streams={streams}
        data-emoji={isEmojiOnly(text) || undefined}
      >
        <p className="as-text" dir="auto">
          {text}
        </p>
      </div>
    );
  const texts = rendered.get(message) ?? new Map<string, ReactNode>();
  rendered.set(message, texts);
  const elements = texts.get(text) ?? render(text, knownOf(message, hub.snapshot()));
  texts.set(text, elements);
  return (
    // Buttons within are what is clicked; they are reached by the keyboard as all buttons are.
    <div className="message-body" dir="auto" data-streams={streams} onClick={act}>
      {elements}
    </div>
  );
}

function act({ target }: MouseEvent): void {
  if (!(target instanceof HTMLElement)) return;
  const user = target.closest<HTMLElement>('.mention[data-user]')?.dataset['user'];
  if (user !== undefined) goBeside({ kind: 'profile', id: user });
  const button = target.closest<HTMLElement>('.code-copy');
  const code = button?.closest('.code-block')?.querySelector('code')?.textContent;
  if (button === null || code === undefined) return;
  // Here and now: some browsers take nothing from a page once the click is over.
  const copied = (navigator.clipboard as Clipboard | undefined)?.writeText(code);
  void import('./copy-code.ts').then(({ tellCopied }) => tellCopied(button, copied)).catch(() => {});
}
