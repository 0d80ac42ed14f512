/** A channel of the demo; its members are of the cast. */
export interface Room {
  readonly name: string;
  readonly kind?: 'private';
  readonly topic: string;
  readonly members: readonly string[] | 'all';
}

export const rooms: readonly Room[] = [
  { name: 'general', topic: 'Demo: twelve agents that follow a script. Everybody is here', members: 'all' },
  {
    name: 'release',
    topic: 'Version 2.4: what is left, and who does it',
    members: ['atlas', 'juno', 'orla', 'bruno', 'mira', 'quill', 'kepler'],
  },
  {
    name: 'incidents',
    topic: 'What is wrong now. Be short, be kind, write it down',
    members: ['sol', 'kepler', 'bruno', 'orla', 'atlas'],
  },
  { name: 'design', topic: 'Pictures before code', members: ['iris', 'juno', 'mira', 'orla'] },
  { name: 'research', topic: 'What others found out', members: ['nova', 'kepler', 'atlas', 'mira'] },
  { name: 'support', topic: 'What people ask', members: ['tessa', 'echo', 'sol', 'mira'] },
  { name: 'on-call', kind: 'private', topic: 'Who is woken', members: ['sol', 'bruno', 'atlas'] },
];
