import { limits } from '@parley/hub-protocol';

/** What somebody types, as a channel can be called: while they type, what cannot be is put right where that is plain. */
export function asChannelName(typed: string): string {
  return typed
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/^#/u, '')
    .replace(/\s+/gu, '-')
    .slice(0, limits.channelName);
}

/** What is wrong with a name. Undefined: nothing. */
export function faultOf(name: string): string | undefined {
  if (name === '') return 'A channel needs a name';
  if (!/^[a-z0-9]/u.test(name)) return 'It begins with a letter or a digit';
  if (!/^[a-z0-9_-]*$/u.test(name)) return 'Only the letters a to z, digits, “-” and “_”';
  return undefined;
}
