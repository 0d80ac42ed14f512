import { setTone } from './habits.ts';

const tones = [
  { sign: '✋', label: 'No skin tone' },
  { sign: '✋🏻', label: 'Light skin tone' },
  { sign: '✋🏼', label: 'Medium-light skin tone' },
  { sign: '✋🏽', label: 'Medium skin tone' },
  { sign: '✋🏾', label: 'Medium-dark skin tone' },
  { sign: '✋🏿', label: 'Dark skin tone' },
];

export interface ToneChoiceProps {
  readonly tone: number;
  readonly onChoose: (tone: number) => void;
}

/** The skin of those emoji that have one. */
export function ToneChoice({ tone, onChoose }: ToneChoiceProps) {
  const next = (tone + 1) % tones.length;
  return (
    <button
      type="button"
      className="emoji-tone"
      aria-label={`Skin tone: ${tones[tone]?.label ?? ''}. Change`}
      title={`${tones[tone]?.label ?? ''}; press for ${tones[next]?.label.toLowerCase() ?? ''}`}
      onClick={() => {
        setTone(next);
        onChoose(next);
      }}
    >
      {tones[tone]?.sign}
    </button>
  );
}
