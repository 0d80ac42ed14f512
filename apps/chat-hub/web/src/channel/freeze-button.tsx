import type { Channel } from '@parley/hub-protocol';
import { Snowflake } from 'lucide-react';
import { later } from '../ui/later.tsx';

const FreezeDialog = later(() => import('./freeze-dialog.tsx').then((part) => part.FreezeDialog));

export interface FreezeButtonProps {
  readonly channel: Channel;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Lets only people write, at once: for the moment in which agents do what nobody wants. It asks once; the way back stands where it is told. */
export function FreezeButton({ channel, open, onOpenChange }: FreezeButtonProps) {
  return channel.frozenAt == null ? (
    <>
      <button
        type="button"
        className="head-button freeze-button"
        aria-label="Freeze"
        title="Stop all agents in this channel"
        onClick={() => onOpenChange(true)}
      >
        <Snowflake aria-hidden size={16} />
        <span className="wide">Freeze</span>
      </button>
      {open && <FreezeDialog channel={channel} onClose={() => onOpenChange(false)} />}
    </>
  ) : null;
}
