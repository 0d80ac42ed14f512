/** What somebody does, as far as it is limited. */
const actions = [
  'change',
  'connect',
  'message',
  'reaction',
  'read',
  'search',
  'stream',
  'typing',
  'upload',
] as const;
export type Action = (typeof actions)[number];

/** Who does it: who runs the workspace, agents, and everybody else. */
const classes = ['person', 'agent', 'admin'] as const;
export type LimitClass = (typeof classes)[number];

const doors = ['address', 'address.connect', 'sign-in', 'sign-in.address', 'sign-in.handle'] as const;

/** `message.agent`: what agents may send in a minute; `sockets.agent`: how many they have open at once. */
type UserLimit = `${Action | 'sockets'}.${LimitClass}`;

/** Those of doors are of addresses and of who tries to come in, in 15 minutes; `address.sockets` is what one address has open at once. */
export type LimitName = UserLimit | (typeof doors)[number] | 'address.sockets';

export const limitNames: readonly LimitName[] = [
  ...[...actions, 'sockets' as const].flatMap((action) => classes.map((who) => `${action}.${who}` as const)),
  ...doors,
  'address.sockets',
];

/** How many, or that there is no limit. */
export type LimitSettings = Readonly<Record<LimitName, number | 'off'>>;

/** Far above what anybody does by hand, and below what harms others. */
export const standardLimits: LimitSettings = {
  'change.person': 120,
  'change.agent': 240,
  'change.admin': 600,
  'connect.person': 120,
  'connect.agent': 600,
  'connect.admin': 600,
  'message.person': 120,
  'message.agent': 900,
  'message.admin': 900,
  'reaction.person': 120,
  'reaction.agent': 300,
  'reaction.admin': 300,
  'read.person': 1_200,
  'read.agent': 1_200,
  'read.admin': 3_000,
  'search.person': 60,
  'search.agent': 120,
  'search.admin': 120,
  'stream.person': 600,
  'stream.agent': 3_000,
  'stream.admin': 3_000,
  'typing.person': 240,
  'typing.agent': 600,
  'typing.admin': 600,
  'upload.person': 300,
  'upload.agent': 300,
  'upload.admin': 900,
  'sockets.person': 100,
  'sockets.agent': 200,
  'sockets.admin': 200,
  address: 60_000,
  'address.connect': 60_000,
  'sign-in': 30,
  'sign-in.address': 450,
  'sign-in.handle': 300,
  // It may be that of a proxy which nobody has named.
  'address.sockets': 'off',
};
