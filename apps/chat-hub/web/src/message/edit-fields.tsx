import type { Message } from '@parley/hub-protocol';
import { isHubError } from '@parley/hub-protocol';
import { useEffect, useId, useRef, useState } from 'react';
import { placeKey } from '../composer/drafts.ts';
import { lengthOf } from '../composer/length.ts';
import { SuggestionList } from '../composer/suggestion-list.tsx';
import { TextArea } from '../composer/text-area.tsx';
import { useSuggestions } from '../composer/use-suggestions.ts';
import { focusWriter } from '../composer/writers.ts';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { useWork } from '../ui/use-work.ts';
import { editedText, endEdit, isWanted, keepEditedText, noteShown, useEdited } from './editing.ts';
import './edit-fields.css';

/** A message while its author changes it. What cannot be saved stays in the form. */
export function EditFields({ message }: { readonly message: Message }) {
  const { id: messageId, channelId, threadId, content } = message;
  const id = useId();
  const hub = useHub();
  const area = useRef<HTMLTextAreaElement>(null);
  const edited = useEdited();
  const [{ text, from }, setShown] = useState(
    () => editedText(messageId) ?? { text: content, from: content },
  );
  const suggestions = useSuggestions({ channelId, area, withCommands: false });
  const length = lengthOf(text);
  const isGone = message.deletedAt !== null;
  const hasChanged = !isGone && content !== from;

  const change = (next: { readonly text: string; readonly from: string }): void => {
    setShown(next);
    keepEditedText(messageId, next);
  };
  const end = (): void => {
    endEdit(messageId);
    focusWriter(placeKey({ channelId, threadId }));
  };
  const work = useWork(async () => {
    const saved = text.trimEnd();
    if (saved === content) return end();
    await hub.call('editMessage', { params: { channelId, messageId }, body: { content: saved } });
    return end();
  });
  const problem = problemOf(text, work.error) ?? length.problem;
  const mayWait = (message.files?.length ?? 0) === 0 || text.trim() !== '';
  const isSendable = text.trim() !== '' && length.problem === undefined && !isGone;

  useEffect(() => {
    let frame = 0;
    const show = (): void => {
      const { current } = area;
      if (current === null || !isWanted(messageId)) return;
      // A row that has not been measured yet is hidden, and takes no keyboard.
      if (!current.checkVisibility({ visibilityProperty: true })) {
        frame = requestAnimationFrame(show);
        return;
      }
      noteShown();
      current.focus();
      current.setSelectionRange(current.value.length, current.value.length);
      current.scrollIntoView({ block: 'nearest' });
    };
    show();
    return () => cancelAnimationFrame(frame);
  }, [edited, messageId]);

  const send = (): void => {
    if (isSendable && !work.busy) void work.run();
  };
  return (
    <form
      className="edit-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="edit-box">
        <SuggestionList {...suggestions} />
        <TextArea
          area={area}
          suggestions={suggestions}
          value={text}
          aria-label="Change the message"
          aria-describedby={`${id}-about`}
          readOnly={work.busy}
          onText={(next) => {
            work.clear();
            change({ text: next, from });
          }}
          onSend={send}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            event.stopPropagation();
            end();
          }}
        />
      </div>
      <div className="edit-foot">
        <p id={`${id}-about`} className="edit-about" role="status">
          {isGone ? (
            <span className="edit-bad">
              The message was deleted meanwhile. Copy what you need of your text.
            </span>
          ) : problem !== undefined ? (
            <span className="edit-bad">{problem}</span>
          ) : hasChanged ? (
            'It was changed elsewhere meanwhile. Saving puts your text in the place of that.'
          ) : mayWait ? (
            'Enter saves, Escape leaves it as it was.'
          ) : (
            'Write something: files alone cannot be saved.'
          )}
        </p>
        {length.left !== undefined && <span className="composer-left">{length.left.toLocaleString()}</span>}
        <Button onClick={end}>Cancel</Button>
        <Button tone="main" type="submit" disabled={!isSendable || work.busy}>
          {work.busy ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  );
}

function problemOf(text: string, error: unknown): string | undefined {
  if (error !== undefined) {
    if (isHubError(error, 'GONE'))
      return 'The message was deleted meanwhile. Copy what you need of your text.';
    return `${sentenceOf(error)}. Your text is still here.`;
  }
  return text.trim() === '' ? 'A message cannot be empty: delete it instead.' : undefined;
}
