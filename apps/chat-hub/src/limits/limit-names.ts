/** What somebody does, as far as it is limited. */
const actions = ['message', 'reaction', 'typing', 'read', 'change'] as const;
export type Action = (typeof actions)[number];

/** Who does it: who runs the workspace, agents, and everybody else. */
const classes = ['person', 'agent', 'admin'] as const;
export type LimitClass = (typeof classes)[number];

const doors = ['address', 'sign-in', 'sign-in.address', 'sign-in.handle'] as const;

/** `message.agent`: what agents may send in a minute. The others are of addresses and those who try to come in, in 15 minutes. */
export type LimitName = `${Action}.${LimitClass}` | (typeof doors)[number];

export const limitNames: readonly LimitName[] = [
  ...actions.flatMap((action) => classes.map((who) => `${action}.${who}` as const)),
  ...doors,
];

/** How many, or that there is no limit. */
export type LimitSettings = Readonly<Record<LimitName, number | 'off'>>;

/** Far above what anybody does by hand, and below what harms others. */
export const standardLimits: LimitSettings = {
  'message.person': 120,
  'message.agent': 900,
  'message.admin': 900,
  'reaction.person': 120,
  'reaction.agent': 300,
  'reaction.admin': 300,
  'typing.person': 240,
  'typing.agent': 600,
  'typing.admin': 600,
  'read.person': 1_200,
  'read.agent': 1_200,
  'read.admin': 3_000,
  'change.person': 120,
  'change.agent': 240,
  'change.admin': 600,
  address: 60_000,
  'sign-in': 30,
  'sign-in.address': 450,
  'sign-in.handle': 300,
};
