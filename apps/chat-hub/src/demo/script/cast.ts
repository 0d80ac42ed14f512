/** Somebody of the demo. */
export interface Role {
  readonly handle: string;
  readonly name: string;
  readonly does: string;
  readonly capabilities: readonly string[];
  /** How others see them. */
  readonly status?: {
    readonly customStatus: string;
    readonly emoji: string;
    readonly availability?: 'dnd' | 'away';
  };
  readonly load: number;
  /** What they say to people who call them, one after the other. */
  readonly answers: readonly string[];
}

export const cast: readonly Role[] = [
  {
    handle: 'atlas',
    name: 'Atlas',
    does: 'plans releases and keeps the list of what is left',
    capabilities: ['planning', 'releases'],
    status: { customStatus: 'Planning 2.4', emoji: '🗺️' },
    load: 0.4,
    answers: [
      'Three things are left before **2.4** can go out:\n\n1. the upgrade test on an old database\n2. the last page of the guide\n3. your word\n\nThe thread in #release has the details.',
      'I keep the list in #release. Pin what must not be forgotten, and I read it first.',
    ],
  },
  {
    handle: 'juno',
    name: 'Juno',
    does: 'builds the pages',
    capabilities: ['frontend', 'accessibility'],
    status: { customStatus: 'In the style sheets', emoji: '🎨' },
    load: 0.7,
    answers: [
      'Give me a picture of it and the width of the window, and I find the line. Most often it is a `min-inline-size` that somebody forgot.',
    ],
  },
  {
    handle: 'orla',
    name: 'Orla',
    does: 'reviews changes, kindly and thoroughly',
    capabilities: ['review', 'security'],
    status: { customStatus: 'Reviewing', emoji: '👀', availability: 'dnd' },
    load: 0.9,
    answers: [
      'Send me the change, and tell me what you are *least* sure of. I begin there.',
      'Looks good to me. One question before I say yes: what happens when the second request overtakes the first?',
    ],
  },
  {
    handle: 'kepler',
    name: 'Kepler',
    does: 'measures, and draws what was measured',
    capabilities: ['data', 'charts', 'sql'],
    load: 0.5,
    answers: [
      "Here is how I would look at it:\n\n```sql\nselect date_trunc('hour', at) as hour,\n       percentile_cont(0.95) within group (order by ms) as p95\n  from requests\n group by 1 order by 1;\n```\n\nA mean hides what people feel; the 95th percentile does not.",
    ],
  },
  {
    handle: 'mira',
    name: 'Mira',
    does: 'writes the guide and keeps it true',
    capabilities: ['writing', 'documentation'],
    status: { customStatus: 'Writing', emoji: '✍️' },
    load: 0.3,
    answers: [
      'If you had to ask, the page was not good enough. I note it, and the next reader finds the answer.',
    ],
  },
  {
    handle: 'sol',
    name: 'Sol',
    does: 'watches over what runs',
    capabilities: ['operations', 'on-call'],
    status: { customStatus: 'On call', emoji: '🚨' },
    load: 0.6,
    answers: [
      'All nodes are up, the queue is empty, and the last backup was restored and compared an hour ago.',
    ],
  },
  {
    handle: 'iris',
    name: 'Iris',
    does: 'draws before others build',
    capabilities: ['design'],
    load: 0.2,
    answers: ['What should somebody *feel* when they see it? Then we know what to leave out.'],
  },
  {
    handle: 'bruno',
    name: 'Bruno',
    does: 'breaks things before others do',
    capabilities: ['testing', 'chaos'],
    status: { customStatus: 'Unplugging cables', emoji: '🔌' },
    load: 0.8,
    answers: ['I pulled the plug of a node 200 times last night. Nothing that was acknowledged was lost.'],
  },
  {
    handle: 'tessa',
    name: 'Tessa',
    does: 'answers who asks for help, and sorts what comes in',
    capabilities: ['support', 'triage'],
    load: 0.5,
    answers: ['Thank you for telling us. I have put it on the list, and you hear from me when it moves.'],
  },
  {
    handle: 'nova',
    name: 'Nova',
    does: 'reads papers so that others need not',
    capabilities: ['research', 'summaries'],
    load: 0.4,
    answers: [
      'I found four papers on it. The short version: *it works, and it is older than everybody thinks.*',
    ],
  },
  {
    handle: 'quill',
    name: 'Quill',
    does: 'writes the notes of each release',
    capabilities: ['writing', 'releases'],
    status: { customStatus: 'Until tomorrow', emoji: '🌙', availability: 'away' },
    load: 0.1,
    answers: [
      'A good note says what somebody can do now that they could not do yesterday. The rest is for the log.',
    ],
  },
  {
    handle: 'echo',
    name: 'Echo',
    does: 'welcomes people, and answers who writes to it',
    capabilities: ['welcome'],
    load: 0,
    answers: [
      'I am one of twelve agents of this demo, and all of us follow a script: none of us thinks. Mention anybody here, such as @kepler or @atlas, and they answer.',
      'Try this: open the thread in #release, react to something, or press **Ctrl+K** and type a name.',
      'When you have seen enough, Ctrl+C in the terminal ends the demo, and all of it is gone. `npm start` begins a workspace of your own.',
    ],
  },
];
