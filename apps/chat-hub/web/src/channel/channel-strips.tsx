import type { Channel } from '@parley/hub-protocol';
import { later } from '../ui/later.tsx';
import type { Rights } from './rights.ts';

const Parts = later(() => import('./strip-parts.tsx').then((part) => part.StripParts));

export interface ChannelStripsProps {
  readonly channel: Channel;
  readonly rights: Rights | undefined;
}

/** What is out of the ordinary in a channel just now, between its head and what is said. Mostly there is nothing. */
export function ChannelStrips(props: ChannelStripsProps) {
  const { archivedAt, frozenAt } = props.channel;
  return (
    <div className="strips" role="status">
      {(archivedAt !== null || frozenAt != null || isSlowed(props)) && <Parts {...props} />}
    </div>
  );
}

/** Whether one may write only so often. */
export const isSlowed = ({ channel: { slowSeconds = 0 }, rights }: ChannelStripsProps): boolean =>
  slowSeconds > 0 && rights?.standing === 'writer';
