import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';

export function SearchPanel({ panel }: PanelProps) {
  return <PanelFrame title="Search">{panel.kind}</PanelFrame>;
}
