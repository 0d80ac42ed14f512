/** An element and its attributes, by their names in HTML. */
export type Made = readonly [tag: string, attributes: readonly (readonly [name: string, value: string])[]];

const dir = /^(?:auto|ltr)$/u;
const block = { dir: /^auto$/u };

/** All that a message may be made of, and what each attribute may say. */
const elements: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  a: {
    class: /^channel-link$/u,
    href: /^(?:https?:\/\/|mailto:|#\/c\/)/u,
    rel: /^noopener noreferrer$/u,
    target: /^_blank$/u,
    title: /^(?:https?:\/\/|mailto:)/u,
  },
  blockquote: block,
  br: {},
  button: { type: /^button$/u, class: /^(?:mention(?: own)?|code-copy)$/u, 'data-user': /^[\w-]+$/u },
  code: { dir },
  del: {},
  div: { class: /^(?:code-block|code-head|md-table)$/u, dir, tabindex: /^0$/u },
  em: {},
  hr: {},
  li: { ...block, class: /^task-item$/u },
  ol: { start: /^\d+$/u },
  p: { ...block, class: /^(?:as-text|md-heading)$/u, 'data-level': /^[1-6]$/u },
  pre: { tabindex: /^0$/u },
  span: { class: /^(?:task|mention(?: own)?|channel-link)$/u },
  strong: {},
  table: {},
  tbody: {},
  td: block,
  th: { ...block, scope: /^col$/u },
  thead: {},
  tr: {},
  ul: {},
};

/** What of an element has no place in a message. */
export function strangeIn([tag, attributes]: Made): string[] {
  const allowed = elements[tag];
  if (allowed === undefined) return [`<${tag}>`];
  return attributes.flatMap(([name, value]) =>
    allowed[name]?.test(value) === true ? [] : [`<${tag} ${name}="${value}">`],
  );
}
