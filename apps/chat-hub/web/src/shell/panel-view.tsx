import { lazy, Suspense } from 'react';
import type { Panel } from './place.ts';

const panels = {
  thread: lazy(() =>
    import('../thread/thread-panel.tsx').then(({ ThreadPanel }) => ({ default: ThreadPanel })),
  ),
  members: lazy(() =>
    import('../members/members-panel.tsx').then(({ MembersPanel }) => ({ default: MembersPanel })),
  ),
  profile: lazy(() =>
    import('../members/profile-panel.tsx').then(({ ProfilePanel }) => ({ default: ProfilePanel })),
  ),
  search: lazy(() =>
    import('../search/search-panel.tsx').then(({ SearchPanel }) => ({ default: SearchPanel })),
  ),
  pins: lazy(() => import('../channel/pins-panel.tsx').then(({ PinsPanel }) => ({ default: PinsPanel }))),
  files: lazy(() => import('../files/files-panel.tsx').then(({ FilesPanel }) => ({ default: FilesPanel }))),
  settings: lazy(() =>
    import('../channel/settings-panel.tsx').then(({ SettingsPanel }) => ({ default: SettingsPanel })),
  ),
};

/** What every panel gets. It shows its own `PanelFrame`. */
export interface PanelProps<Kind extends Panel['kind'] = Panel['kind']> {
  readonly panel: Extract<Panel, { kind: Kind }> | Panel;
  readonly channelId: string | undefined;
}

export function PanelView({ panel, channelId }: PanelProps) {
  const Found = panels[panel.kind];
  return (
    <Suspense fallback={<aside className="panel" aria-busy="true" />}>
      <Found key={'id' in panel ? panel.id : panel.kind} panel={panel} channelId={channelId} />
    </Suspense>
  );
}
