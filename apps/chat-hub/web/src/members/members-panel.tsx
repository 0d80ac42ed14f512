import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';

export function MembersPanel({ panel }: PanelProps) {
  return <PanelFrame title="Members">{panel.kind}</PanelFrame>;
}
