/** What the program ends with: scripts decide by it. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notAllowed: 3,
  unreachable: 4,
  notFound: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done; `tail` ended by Ctrl+C or by whoever read its output is done as well',
  failed: 'the hub refused it for another reason, or something went wrong here',
  usage: 'the command line is wrong: nothing was asked of the hub',
  notAllowed: 'sign in first, or ask for the right to do it',
  unreachable: 'the hub cannot be reached, is not ready or is too busy: the same may work later',
  notFound: 'what was named is not there, or not for you',
  interrupted: 'ended by Ctrl+C before it was done',
};
