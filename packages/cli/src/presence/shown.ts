import type { Agent, Presence } from '@parley/hub-protocol';
import { safeLine } from '../safe-text.ts';

/** `👀 Reviewing PRs` */
export function shownText({ emoji, customStatus }: Pick<Presence, 'emoji' | 'customStatus'>): string {
  return [emoji, customStatus].filter((part) => part !== null).join(' ');
}

/** `dnd: 👀 Reviewing PRs` */
export function shownPresence(presence: Presence): string {
  const text = shownText(presence);
  return safeLine(text === '' ? presence.status : `${presence.status}: ${text}`);
}

/** How busy an agent says it is. */
export function shownLoad({ load }: Pick<Agent, 'load'>): string {
  return load === null ? '' : `${Math.round(load * 100)} %`;
}

/** `at work, 50 % busy` */
export function shownAgent(agent: Agent): string {
  if (!agent.online) return 'away';
  const load = shownLoad(agent);
  return load === '' ? 'at work' : `at work, ${load} busy`;
}
