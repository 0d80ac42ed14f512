import { Field } from '../ui/field.tsx';
import type { Span } from './until.ts';

const usual: readonly (readonly [emoji: string, words: string, span: Span])[] = [
  ['📅', 'In a meeting', '1h'],
  ['🎧', 'Concentrating', '4h'],
  ['🍽️', 'Eating', '30m'],
  ['🚆', 'On the way', '1h'],
  ['🤒', 'Ill', 'today'],
  ['🌴', 'On holiday', 'week'],
];

export interface StatusWordsProps {
  readonly emoji: string;
  readonly words: string;
  readonly most: number;
  readonly onEmoji: (emoji: string) => void;
  readonly onWords: (words: string) => void;
  readonly onSpan: (span: Span) => void;
}

/** What a status says: the usual, or words of one's own. */
export function StatusWords({ emoji, words, most, onEmoji, onWords, onSpan }: StatusWordsProps) {
  return (
    <>
      <div className="status-words">
        <Field
          label="Emoji"
          value={emoji}
          autoComplete="off"
          placeholder="🙂"
          onChange={(event) => onEmoji(event.target.value.replace(/\s/gu, ''))}
        />
        <Field
          label="What you do"
          dir="auto"
          value={words}
          maxLength={most}
          autoComplete="off"
          placeholder="Nothing in particular"
          onChange={(event) => onWords(event.target.value)}
        />
      </div>
      <div className="status-usual" role="group" aria-label="Usual ones">
        {usual.map(([sign, text, span]) => (
          <button
            key={text}
            type="button"
            onClick={() => {
              onEmoji(sign);
              onWords(text);
              onSpan(span);
            }}
          >
            <span aria-hidden>{sign}</span> {text}
          </button>
        ))}
      </div>
    </>
  );
}
