import type { Channel } from '@parley/hub-protocol';
import { useHubState } from '../hub/context.ts';
import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';
import { AboutForm } from './settings/about-form.tsx';
import { CommandSettings } from './settings/command-settings.tsx';
import { EndSettings } from './settings/end-settings.tsx';
import { IncomingSettings } from './settings/incoming-settings.tsx';
import { OutgoingSettings } from './settings/outgoing-settings.tsx';
import { RetentionForm } from './settings/retention-form.tsx';
import { SlowForm } from './settings/slow-form.tsx';
import { isTalk } from './rights.ts';
import { dayText } from './times.ts';
import { useChannel, useRights } from './use-rights.ts';
import './panels.css';
import './settings/settings.css';

/** What can be set of a channel, as far as whoever looks may do it. */
export function SettingsPanel({ channelId }: PanelProps) {
  const channel = useChannel(channelId);
  return (
    <PanelFrame title="Channel settings">
      {channel && <Settings key={channel.id} channel={channel} />}
    </PanelFrame>
  );
}

function Settings({ channel }: { readonly channel: Channel }) {
  const rights = useRights(channel.id);
  const maker = useHubState(({ users }) =>
    channel.createdBy === null ? undefined : users.get(channel.createdBy)?.displayName,
  );
  if (rights === undefined) return <div className="panel-waiting" role="status" aria-label="Loading" />;
  return (
    <div className="panel-body settings">
      {!isTalk(channel) && <AboutForm channel={channel} rights={rights} />}
      {rights.slow && <SlowForm channel={channel} />}
      {rights.retention && !isTalk(channel) && <RetentionForm channelId={channel.id} />}
      {rights.webhooks && <IncomingSettings channelId={channel.id} />}
      {rights.webhooks && <OutgoingSettings channelId={channel.id} />}
      {rights.standing !== 'stranger' && <CommandSettings channel={channel} rights={rights} />}
      <EndSettings channel={channel} rights={rights} />
      <p className="settings-made">
        Made on {dayText(channel.createdAt)}
        {maker !== undefined && (
          <>
            {' '}
            by <bdi>{maker}</bdi>
          </>
        )}
      </p>
    </div>
  );
}
