import { BellRing } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { turnOff, turnOn, useDesktop } from './desktop.ts';
import './notifications.css';

export function HintParts() {
  const state = useDesktop();
  if (state !== 'undecided') return null;
  return (
    <aside className="notification-hint" aria-label="Notifications">
      <BellRing aria-hidden size={18} />
      <p>You missed a message while you looked elsewhere. Be notified of the next one?</p>
      <Button tone="main" onClick={() => void turnOn()}>
        Turn on notifications
      </Button>
      <Button onClick={turnOff}>Not now</Button>
    </aside>
  );
}
