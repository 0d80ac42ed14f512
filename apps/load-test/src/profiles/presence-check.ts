import { until } from '@parley/services';
import type { Target } from '../target/target.ts';
import type { Populated } from '../target/workspace.ts';

const withinMs = 15_000;

/** How many of those who are connected are not shown as being there; what was said last may take a moment to be seen. */
export async function presentEverywhere(
  { api }: Target,
  { channels, agents }: Populated,
): Promise<Readonly<Record<string, number>>> {
  const expected = channels.map(
    (_, place) =>
      new Set(agents.filter((agent) => agent.channels.includes(place)).map(({ userId }) => userId)),
  );
  let absent = -1;
  await until(
    async () => {
      absent = 0;
      for (const [place, { id }] of channels.entries()) {
        const { members } = await api.ask<{ members: { userId: string; status: string }[] }>(
          'GET',
          `/channels/${id}/presence`,
        );
        const here = new Set(members.map(({ userId }) => userId));
        absent += [...(expected[place] ?? [])].filter((userId) => !here.has(userId)).length;
      }
      return absent === 0;
    },
    { what: 'everybody is shown', deadline: withinMs, every: 500 },
  ).catch(() => undefined);
  return { absent };
}
