import type { User } from '@parley/hub-protocol';
import type { Told } from '../parts/secret-dialog.tsx';

/** A token, told once, and how a program uses it. */
export function tokenTold(user: Pick<User, 'displayName' | 'kind'>, secret: string, title: string): Told {
  return {
    title,
    about: `Whoever has this token is ${user.displayName}. The hub keeps only what proves it, and shows it to nobody again: if it is lost, make another one.`,
    secrets: [
      { label: 'Token', text: secret },
      { label: 'Try it', text: `PARLEY_URL=${location.origin} PARLEY_TOKEN=${secret} parley whoami` },
    ],
  };
}
