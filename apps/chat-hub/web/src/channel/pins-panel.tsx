import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';

export function PinsPanel({ panel }: PanelProps) {
  return <PanelFrame title="Pinned">{panel.kind}</PanelFrame>;
}
