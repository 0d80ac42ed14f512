import type { Channel } from '@parley/hub-protocol';
import { Snowflake, Sun } from 'lucide-react';
import { later } from '../ui/later.tsx';
import { useUnfreeze } from './use-unfreeze.ts';

const FreezeDialog = later(() => import('./freeze-dialog.tsx').then((part) => part.FreezeDialog));

export interface FreezeButtonProps {
  readonly channel: Channel;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Lets only people write, at once: for the moment in which agents do what nobody wants. It asks once. */
export function FreezeButton({ channel, open, onOpenChange }: FreezeButtonProps) {
  const frozen = channel.frozenAt != null;
  const { run, busy } = useUnfreeze(channel.id);
  return (
    <>
      <button
        type="button"
        className="head-button freeze-button"
        data-frozen={frozen || undefined}
        aria-label={frozen ? 'Unfreeze' : 'Freeze'}
        title={frozen ? 'Let agents write again' : 'Stop all agents in this channel'}
        disabled={busy}
        onClick={() => (frozen ? void run() : onOpenChange(true))}
      >
        {frozen ? <Sun aria-hidden size={16} /> : <Snowflake aria-hidden size={16} />}
        <span className="wide">{frozen ? 'Unfreeze' : 'Freeze'}</span>
      </button>
      {open && !frozen && <FreezeDialog channel={channel} onClose={() => onOpenChange(false)} />}
    </>
  );
}
