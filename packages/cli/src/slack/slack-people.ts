import { limits, reservedHandles } from '@parley/hub-protocol';
import { fieldsIn, fieldsOf, need, secondsIn, textIn, type Fields } from './slack-fields.ts';
import { cut } from './cut.ts';
import { handleFrom } from './slack-text.ts';

/** Says what Slack itself has to say. */
const slackbot = 'USLACKBOT';

/** Who wrote in an export, by the ids of Slack: people, and programs that it has no list of. */
export class SlackPeople {
  readonly #handles = new Map<string, string>();
  readonly #taken = new Set<string>(reservedHandles);

  handleOf(id: string): string | undefined {
    return this.#handles.get(id);
  }

  /** The line of somebody of `users.json`. */
  user(text: string): string {
    const fields = fieldsOf(text);
    const id = need(fields, 'id');
    const profile = fieldsIn(fields, 'profile');
    const name = textIn(fields, 'name') ?? id;
    const shown =
      textIn(profile, 'display_name') ?? textIn(fields, 'real_name') ?? textIn(profile, 'real_name') ?? name;
    const isGone = fields['deleted'] === true;
    return this.#line(id, name, {
      kind: fields['is_bot'] === true ? 'agent' : 'person',
      displayName: shown,
      bio: textIn(profile, 'title'),
      // When, Slack does not say.
      deactivatedAt: isGone ? (secondsIn(fields, 'updated') ?? Date.now()) : undefined,
    });
  }

  /** The line of a program that is met for the first time; undefined: it is known. */
  bot(id: string, name: string): string | undefined {
    return this.#handles.has(id) ? undefined : this.#line(id, name, { kind: 'agent', displayName: name });
  }

  /** The line of somebody who is met for the first time in a message: a guest of another workspace, whom the list of users has not. */
  stranger(id: string, profile: Fields): string | undefined {
    if (this.#handles.has(id)) return undefined;
    if (id === slackbot) return this.bot(id, 'slackbot');
    const name = textIn(profile, 'name') ?? id;
    const displayName = textIn(profile, 'display_name') ?? textIn(profile, 'real_name') ?? name;
    return this.#line(id, name, { kind: 'person', displayName, deactivatedAt: Date.now() });
  }

  #line(id: string, name: string, { displayName, bio, ...more }: Fields): string {
    const handle = this.#free(handleFrom(name, id));
    this.#handles.set(id, handle);
    const shorten = (text: unknown, most: number): string | undefined =>
      typeof text === 'string' ? cut(text, most) : undefined;
    return JSON.stringify({
      user: {
        id,
        handle,
        displayName: shorten(displayName, limits.displayName),
        bio: shorten(bio, limits.bio),
        ...more,
      },
    });
  }

  #free(handle: string): string {
    let free = handle;
    for (let nth = 2; this.#taken.has(free); nth += 1) free = `${handle.slice(0, limits.handle - 4)}-${nth}`;
    this.#taken.add(free);
    return free;
  }
}
