import { Menu } from '@base-ui/react/menu';
import { Check, type LucideIcon } from 'lucide-react';
import { useHub, useHubState } from '../hub/context.ts';
import { openOverlay } from '../shell/overlay.ts';
import { useLandmark } from '../ui/landmark.ts';
import { useToasts } from '../ui/toasts.tsx';
import { asUsual, chooseLevel, levelIn, levels } from './choose-level.ts';
import { levelNames, usualLevel } from './levels.ts';
import '../ui/menu.css';
import './notifications.css';

export interface NotificationMenuPartsProps {
  readonly channelId: string;
  readonly label: string;
  readonly icon: LucideIcon;
}

/** It comes open: it was asked for. */
export function NotificationMenuParts({ channelId, label, icon: Icon }: NotificationMenuPartsProps) {
  const hub = useHub();
  const toasts = useToasts();
  const chosen = useHubState(({ channels }) => channels.get(channelId)?.reading.level ?? asUsual);
  const usual = useHubState(({ channels, defaultLevel }) => {
    const channel = channels.get(channelId)?.channel;
    return usualLevel(channel ?? { kind: 'public' }, defaultLevel);
  });
  const items = [
    ...levels.map((level) => ({ value: level, name: levelNames[level], about: abouts[level] })),
    { value: asUsual, name: 'As usual', about: levelNames[usual] },
  ];
  const [landmark, trigger] = useLandmark();
  return (
    <Menu.Root defaultOpen modal={false}>
      <Menu.Trigger ref={trigger} className="icon-button" aria-label={label} title={label}>
        <Icon aria-hidden size={18} />
      </Menu.Trigger>
      <Menu.Portal container={landmark}>
        <Menu.Positioner className="menu-place" positionMethod="fixed" sideOffset={4} align="end">
          <Menu.Popup className="menu notification-menu">
            <Menu.RadioGroup
              value={chosen}
              onValueChange={(value: unknown) =>
                void chooseLevel(hub, channelId, levelIn(value)).catch(toasts.fail)
              }
            >
              <Menu.Group>
                <Menu.GroupLabel className="menu-label">Notify me of</Menu.GroupLabel>
                {items.map(({ value, name, about }) => (
                  <Menu.RadioItem key={value} value={value} className="menu-item" closeOnClick>
                    <span>
                      {name}
                      <small>{about}</small>
                    </span>
                    <Menu.RadioItemIndicator className="menu-check">
                      <Check aria-hidden size={16} />
                    </Menu.RadioItemIndicator>
                  </Menu.RadioItem>
                ))}
              </Menu.Group>
            </Menu.RadioGroup>
            <Menu.Separator className="menu-line" />
            <Menu.Item
              className="menu-item"
              onClick={() => openOverlay({ kind: 'preferences', page: 'notifications' })}
            >
              <span>In all channels…</span>
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

const abouts = {
  all: 'Whatever is said here',
  mentions: 'What calls you by name or role',
  muted: 'Mentions are still counted',
} as const;
