import { useHubState } from '../../hub/context.ts';
import { titleOf } from '../../hub/names.ts';
import { hashOf } from '../../shell/place.ts';

/** A channel, as far as one is in it: what others are about, who runs the workspace does not know either. */
export function ChannelName({ channelId }: { readonly channelId: string }) {
  const title = useHubState((state) => {
    const known = state.channels.get(channelId);
    return known && titleOf(known.channel, state);
  });
  if (title === undefined)
    return (
      <span className="soft" title={channelId}>
        a channel that you are not in ({channelId.slice(-6)})
      </span>
    );
  return (
    <a href={hashOf({ view: 'channel', channelId })} dir="auto">
      #{title}
    </a>
  );
}
