import { ALargeSmall, AtSign, Paperclip, SendHorizontal, Smile } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { EmojiPopover } from '../emoji/emoji-popover.tsx';
import { useHub, useSession } from '../hub/context.ts';
import { edit } from '../message/editing.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { later } from '../ui/later.tsx';
import { placeKey, type WritingPlace } from './drafts.ts';
import { entersLines } from './keys.ts';
import { lastOwn } from './last-own.ts';
import { lengthOf } from './length.ts';
import { PrivateLines } from './private-lines.tsx';
import { SuggestionList } from './suggestion-list.tsx';
import { TextArea } from './text-area.tsx';
import { applyEdit, type Formatting } from './text-edit.ts';
import { useDraft } from './use-drafts.ts';
import { useDrop } from './use-drop.ts';
import { useFormatting } from './use-formatting.ts';
import { useSending } from './use-sending.ts';
import { useSlowMode } from './use-slow-mode.ts';
import { useSuggestions } from './use-suggestions.ts';
import { useUploads } from './use-uploads.ts';
import { noteField } from './writers.ts';

const FormatBar = later(
  () => import('./format-bar.tsx').then((part) => part.FormatBar),
  () => <div className="format-bar" />,
);
const UploadList = later(() => import('./upload-list.tsx').then((part) => part.UploadList));

export interface WriterProps extends WritingPlace {
  /** Shown where nothing is written yet. */
  readonly placeholder: string;
}

/** Where somebody writes who may: text, names, emoji, files and commands. */
export function Writer({ channelId, threadId, placeholder }: WriterProps) {
  const id = useId();
  const hub = useHub();
  const { userId } = useSession();
  const key = placeKey({ channelId, threadId });
  const area = useRef<HTMLTextAreaElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useDraft(key);
  const { uploads, files, isTaking, take: takeFiles } = useUploads(`${userId}.${key}`, channelId);
  const [notice, setNotice] = useState<string>();
  const [emojiAt, setEmojiAt] = useState<Element | null>(null);
  const [isFormatting, setFormatting] = useFormatting();
  const slow = useSlowMode(channelId);
  const length = lengthOf(text);
  const waits = slow > 0 ? `Slow mode: you can send again in ${slow} s.` : undefined;
  const sending = useSending({
    channelId,
    threadId,
    text,
    setText,
    uploads,
    hindrance:
      length.problem ??
      waits ??
      (isTaking ? 'A file is still on its way: send when it is there.' : undefined),
  });
  const suggestions = useSuggestions({ channelId, area, withCommands: threadId === null });
  const take = (found: readonly File[]): void => void takeFiles(found).then(setNotice);
  const isOver = useDrop(form, take);
  const isEmpty = text.trim() === '' && files.length === 0;

  useEffect(() => (area.current === null ? undefined : noteField(key, area.current)), [key]);
  useEffect(() => {
    const focused = document.activeElement;
    const isFree = focused === document.body || focused?.closest('.sidebar') !== null;
    if (isFree && !entersLines()) area.current?.focus({ preventScroll: true });
  }, []);

  const insert = (inserted: string): void => {
    const { current } = area;
    if (current === null) return;
    const { selectionStart: start, selectionEnd: end } = current;
    const caret = start + inserted.length;
    applyEdit(current, { start, end, text: inserted, select: [caret, caret] });
  };
  const format = (formatting: Formatting): void => {
    const { current } = area;
    if (current === null) return;
    applyEdit(current, formatting(current.value, current.selectionStart, current.selectionEnd));
  };
  const about = sending.problem?.text ?? notice ?? length.problem ?? waits;

  return (
    <form
      ref={form}
      className="composer"
      data-over={isOver || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        sending.send();
        area.current?.focus();
      }}
    >
      {threadId === null && <PrivateLines channelId={channelId} />}
      <div className="composer-box">
        <SuggestionList {...suggestions} />
        {isFormatting && <FormatBar onFormat={format} />}
        {uploads !== undefined && files.length > 0 && <UploadList uploads={uploads} all={files} />}
        <TextArea
          area={area}
          suggestions={suggestions}
          value={text}
          aria-label="Message"
          aria-describedby={about === undefined ? undefined : `${id}-about`}
          aria-invalid={length.problem !== undefined || undefined}
          placeholder={placeholder}
          enterKeyHint={entersLines() ? 'enter' : 'send'}
          onText={(next) => {
            setText(next);
            sending.clear();
            setNotice(undefined);
            if (next.startsWith('/')) return;
            hub.typing(channelId, next.trim() === '' ? 'stop' : 'start', threadId ?? undefined);
          }}
          onSend={() => sending.send()}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files];
            // Of what was copied from a document, the text is meant.
            if (pasted.length === 0 || event.clipboardData.getData('text/plain') !== '') return;
            event.preventDefault();
            take(pasted);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' || text !== '' || event.shiftKey) return;
            const own = lastOwn(hub.snapshot().channels.get(channelId), userId, threadId);
            if (own === undefined) return;
            event.preventDefault();
            edit({ messageId: own.id, inThread: threadId !== null });
          }}
        />
        <div className="composer-bar">
          <IconButton label="Attach files" icon={Paperclip} onClick={() => picker.current?.click()} />
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            aria-label="Files"
            onChange={(event) => {
              take([...(event.target.files ?? [])]);
              event.target.value = '';
              area.current?.focus();
            }}
          />
          <IconButton
            label="Emoji"
            icon={Smile}
            aria-haspopup="dialog"
            aria-expanded={emojiAt !== null}
            onClick={(event) => setEmojiAt(event.currentTarget)}
          />
          <IconButton label="Mention somebody" icon={AtSign} onClick={() => insert('@')} />
          <IconButton
            label="Formatting"
            icon={ALargeSmall}
            aria-pressed={isFormatting}
            onClick={() => setFormatting(!isFormatting)}
          />
          <p
            id={`${id}-about`}
            className="composer-about"
            role="status"
            data-bad={about !== waits || undefined}
          >
            {about}
          </p>
          {sending.problem?.asMessage === true && (
            <button
              type="button"
              className="composer-anyway"
              onClick={() => sending.send({ asMessage: true })}
            >
              Send as a message
            </button>
          )}
          {length.left !== undefined && (
            <span className="composer-left" data-bad={length.left < 0 || undefined}>
              {length.left.toLocaleString()}
            </span>
          )}
          <button
            type="submit"
            className="composer-send"
            aria-label="Send"
            title={waits ?? 'Send'}
            disabled={isEmpty || waits !== undefined || length.problem !== undefined}
          >
            <SendHorizontal aria-hidden size={18} />
          </button>
        </div>
        {isOver && <p className="composer-drop">Let go to add the files to your message</p>}
      </div>
      <EmojiPopover
        anchor={emojiAt}
        align="start"
        onClose={() => setEmojiAt(null)}
        onPick={(sign) => {
          setEmojiAt(null);
          insert(sign);
        }}
      />
    </form>
  );
}
