import type { UserKind } from '@parley/hub-protocol';

/** The commands of people and agents are the same, by another name. */
export interface Noun {
  /** The group of commands. */
  readonly group: 'user' | 'agent';
  readonly kind: UserKind;
  /** With its article. */
  readonly one: string;
  readonly many: string;
  /** For examples. */
  readonly handle: string;
}

export const person: Noun = { group: 'user', kind: 'person', one: 'a person', many: 'people', handle: 'ann' };
export const agent: Noun = {
  group: 'agent',
  kind: 'agent',
  one: 'an agent',
  many: 'agents',
  handle: 'coder',
};
