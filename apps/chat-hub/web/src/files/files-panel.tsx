import { PanelFrame } from '../shell/panel-frame.tsx';
import type { PanelProps } from '../shell/panel-view.tsx';

export function FilesPanel({ panel }: PanelProps) {
  return <PanelFrame title="Files">{panel.kind}</PanelFrame>;
}
