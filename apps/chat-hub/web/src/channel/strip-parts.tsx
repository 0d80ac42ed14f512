import { Archive, Snowflake, Timer } from 'lucide-react';
import type { ReactNode } from 'react';
import { useHub, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { Button } from '../ui/button.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWork } from '../ui/use-work.ts';
import { isSlowed, type ChannelStripsProps } from './channel-strips.tsx';
import { useUnfreeze } from './use-unfreeze.ts';
import { durationText, useBriefMoment } from './times.ts';

export function StripParts({ channel, rights }: ChannelStripsProps) {
  const { archivedAt, frozenAt, slowSeconds = 0 } = channel;
  return (
    <>
      {archivedAt !== null && <ArchivedStrip channel={channel} at={archivedAt} rights={rights} />}
      {frozenAt != null && <FrozenStrip channel={channel} at={frozenAt} rights={rights} />}
      {isSlowed({ channel, rights }) && archivedAt === null && (
        <Strip kind="slow" icon={<Timer aria-hidden size={16} />}>
          Slow mode: one message every {durationText(slowSeconds)}.
        </Strip>
      )}
    </>
  );
}

interface StripProps extends ChannelStripsProps {
  readonly at: number;
}

function FrozenStrip({ channel, at, rights }: StripProps) {
  const by = useUser(channel.frozenBy ?? null);
  const brief = useBriefMoment();
  const { run, busy } = useUnfreeze(channel.id);
  return (
    <Strip
      kind="frozen"
      icon={<Snowflake aria-hidden size={16} />}
      action={
        rights?.freeze && (
          <Button onClick={() => void run()} disabled={busy}>
            Unfreeze
          </Button>
        )
      }
    >
      <b>Frozen</b> {by && <>by {nameOf(by)} </>}since {brief(at)}: agents read along, and only people write.
    </Strip>
  );
}

function ArchivedStrip({ channel, at, rights }: StripProps) {
  const hub = useHub();
  const toasts = useToasts();
  const brief = useBriefMoment();
  const { run, busy } = useWork(() =>
    hub.call('unarchiveChannel', { params: { channelId: channel.id } }).catch(toasts.fail),
  );
  return (
    <Strip
      kind="archived"
      icon={<Archive aria-hidden size={16} />}
      action={
        rights?.archive && (
          <Button onClick={() => void run()} disabled={busy}>
            Unarchive
          </Button>
        )
      }
    >
      <b>Archived</b> since {brief(at)}: it can be read, and nothing can be written.
    </Strip>
  );
}

interface PlainStripProps {
  readonly kind: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

function Strip({ kind, icon, children, action }: PlainStripProps) {
  return (
    <div className="strip" data-kind={kind}>
      {icon}
      <p>{children}</p>
      {action}
    </div>
  );
}
