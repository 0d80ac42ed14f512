import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';

export function ProfilePanel({ panel }: PanelProps) {
  return <PanelFrame title="Profile">{panel.kind}</PanelFrame>;
}
