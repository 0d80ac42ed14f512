/** For how long a test tries that nothing goes wrong, in milliseconds: `short`, or as many seconds as `PARLEY_PROOF_SECONDS` says. */
export function proofMs(short: number, env: NodeJS.ProcessEnv = process.env): number {
  const asked = env['PARLEY_PROOF_SECONDS'];
  if (asked === undefined) return short;
  const seconds = Number(asked);
  if (!(seconds > 0 && seconds <= 86_400))
    throw new RangeError(`PARLEY_PROOF_SECONDS must be a number of seconds, not ${asked}`);
  return seconds * 1_000;
}
