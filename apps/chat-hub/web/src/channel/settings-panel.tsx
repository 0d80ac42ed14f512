import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';

export function SettingsPanel({ panel }: PanelProps) {
  return <PanelFrame title="Channel settings">{panel.kind}</PanelFrame>;
}
