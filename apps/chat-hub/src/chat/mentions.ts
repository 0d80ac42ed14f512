import type { Mentions, Role } from '@parley/hub-protocol';

/** What a text may name, by lower-case handle or name of a role. */
export interface Mentionable {
  readonly userOf: (handle: string) => string | undefined;
  readonly roles: readonly Role[];
}

/** A whole word behind an `@` that begins one: `mail@cod.example` names nobody, and `@Cod` is not `@Coder`. */
const word = /(?<![\p{L}\p{N}_@./-])@([a-z0-9][a-z0-9._-]*)/giu;
/** What is shown as it is written: nothing in it speaks to anybody. */
const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g;

/** Whom a text names. They are kept by id: who is renamed later stays mentioned. */
export function mentionsIn(content: string, { userOf, roles }: Mentionable): Mentions {
  const users = new Set<string>();
  const named = new Set<Role>();
  let here = false;
  for (const [, written = ''] of content.replaceAll(code, ' ').matchAll(word)) {
    const name = written.toLowerCase();
    // A sentence may end behind a name, and a name may end with a dot of its own.
    for (const form of [name, name.replace(/[._-]+$/, '')]) {
      const user = userOf(form);
      const role = roles.find((one) => form === one || form === `${one}s`);
      if (user !== undefined) users.add(user);
      else if (form === 'here') here = true;
      else if (role !== undefined) named.add(role);
      else continue;
      break;
    }
  }
  return { users: [...users], roles: [...named], here };
}
