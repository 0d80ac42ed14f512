import type { Outgoing } from '@parley/hub-client';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { Button } from '../ui/button.tsx';

/** How far an own message is that nobody else sees yet. */
export function SendingState({ outgoing: { clientId, state, error } }: { readonly outgoing: Outgoing }) {
  const hub = useHub();
  if (state !== 'failed') return <p className="quiet">Being sent</p>;
  return (
    <div className="sending-failed" role="alert">
      <span>
        Not sent{error === undefined ? '' : `: ${sentenceOf(error)}`}. Nobody but you sees this message.
      </span>
      <Button tone="link" onClick={() => void hub.retry(clientId)?.catch(() => undefined)}>
        Retry
      </Button>
      <Button tone="link" onClick={() => void hub.discard(clientId)}>
        Discard
      </Button>
    </div>
  );
}
