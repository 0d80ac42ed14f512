import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';

export function ThreadPanel({ panel }: PanelProps) {
  return <PanelFrame title="Thread">{panel.kind}</PanelFrame>;
}
