import { later } from '../ui/later.tsx';
import type { Panel } from './place.ts';

const waiting = () => <div className="panel" aria-busy="true" />;

const panels = {
  thread: later(() => import('../thread/thread-panel.tsx').then((part) => part.ThreadPanel), waiting),
  members: later(() => import('../members/members-panel.tsx').then((part) => part.MembersPanel), waiting),
  profile: later(() => import('../members/profile-panel.tsx').then((part) => part.ProfilePanel), waiting),
  search: later(() => import('../search/search-panel.tsx').then((part) => part.SearchPanel), waiting),
  pins: later(() => import('../channel/pins-panel.tsx').then((part) => part.PinsPanel), waiting),
  files: later(() => import('../files/files-panel.tsx').then((part) => part.FilesPanel), waiting),
  settings: later(() => import('../channel/settings-panel.tsx').then((part) => part.SettingsPanel), waiting),
};

/** What every panel gets. It shows its own `PanelFrame`. */
export interface PanelProps<Kind extends Panel['kind'] = Panel['kind']> {
  readonly panel: Extract<Panel, { kind: Kind }> | Panel;
  readonly channelId: string | undefined;
}

export function PanelView({ panel, channelId }: PanelProps) {
  const Found = panels[panel.kind];
  return <Found key={'id' in panel ? panel.id : panel.kind} panel={panel} channelId={channelId} />;
}
