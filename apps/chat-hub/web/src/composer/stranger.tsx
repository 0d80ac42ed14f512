import type { Channel } from '@parley/hub-protocol';
import { useHub, useSession } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';
import { useWork } from '../ui/use-work.ts';

/** What stands in the place of the composer for who is not in the channel: the way in, where there is one. */
export function Stranger({ channel }: { readonly channel: Channel }) {
  const hub = useHub();
  const { scopes } = useSession();
  const join = useWork(() => hub.call('joinChannel', { params: { channelId: channel.id } }));
  const isArchived = channel.archivedAt !== null;
  const mayJoin = !isArchived && scopes.has('write');
  return (
    <div className="composer">
      <div className="composer-closed">
        <p role="status">
          {isArchived
            ? 'This channel is archived. It can be read, and nothing more is written here.'
            : mayJoin
              ? `You are reading #${channel.name ?? ''} from outside. Join it to write.`
              : `You are reading #${channel.name ?? ''} from outside.`}
          {join.error !== undefined && <span className="composer-bad"> {sentenceOf(join.error)}.</span>}
        </p>
        {mayJoin && (
          <Button tone="main" disabled={join.busy} onClick={() => void join.run()}>
            {join.busy ? 'Joining…' : 'Join'}
          </Button>
        )}
      </div>
    </div>
  );
}
