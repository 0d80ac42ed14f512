/** More signs in one paragraph, and deeper, than anybody means: to read them as Markdown would hold up everybody who sees them. */
const mostSigns = 800;
const dense = /[*_~`[\]!<@#\\]/gu;
const nested = /^(?:[ \t]*(?:[>*+-]|\d{1,9}[.)])(?=[ \t>]|$)){16,}/mu;
const brackets = /[[\]]{40,}|(?:!?\[[^\]\n]{0,3}){60,}/u;
/** Longer than any address that somebody follows. */
const endless = /\S{2500}/u;
const fenced = /^(```|~~~)[^\n]*\n[\s\S]*?^\1[ \t]*$/gmu;

/** Whether a text can be read as Markdown in no time, whoever wrote it. */
export function isHarmless(text: string): boolean {
  if (nested.test(text) || brackets.test(text)) return false;
  const rest = text.replace(fenced, '');
  if (endless.test(rest)) return false;
  return rest
    .split(/\n\s*\n/u)
    .every((block) => block.length <= mostSigns || (block.match(dense)?.length ?? 0) <= mostSigns);
}
