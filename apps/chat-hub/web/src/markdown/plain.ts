/** Whether nothing in a text means anything but itself: it needs no Markdown. Ends of lines stay ends of lines. */
export function isPlain(text: string): boolean {
  return (
    text.length < mostPlain &&
    plain.test(text) &&
    !listLike.test(text) &&
    !/\n\s*\n|^\s|\n\s|\s{2}\n|www\.|:\/\//u.test(text)
  );
}

const mostPlain = 2_000;
/** No sign that Markdown, a mention or a channel could begin with. */
const plain = /^[^*_`~#>[\]|<&\\@=]*$/u;
const listLike = /^(?:[-+•]|\d+[.)])(?:\s|$)|^-+\s*$/mu;

const emoji =
  /^(?:(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Emoji_Presentation}|\p{Extended_Pictographic})(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic}|[\u{E0020}-\u{E007F}])*\s*){1,10}$/u;
const mostEmoji = 60;

/** Whether a message is nothing but a few emoji. */
export const isEmojiOnly = (text: string): boolean => text.length <= mostEmoji && emoji.test(text.trim());
