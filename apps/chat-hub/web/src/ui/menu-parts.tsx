import { Menu } from '@base-ui/react/menu';
import { useLandmark } from './landmark.ts';
import type { MenuProps } from './menu.tsx';
import './menu.css';

/** It comes open: it was asked for. */
export function MenuParts({ label, icon: Icon, items, onOpenChange, children, className, side }: MenuProps) {
  const [landmark, trigger] = useLandmark();
  return (
    <Menu.Root defaultOpen modal={false} onOpenChange={(open) => onOpenChange?.(open)}>
      <Menu.Trigger
        ref={trigger}
        className={className ?? 'icon-button'}
        aria-label={children === undefined ? label : undefined}
        title={children === undefined ? label : undefined}
      >
        {children ?? <Icon aria-hidden size={18} />}
      </Menu.Trigger>
      <Menu.Portal container={landmark}>
        <Menu.Positioner
          className="menu-place"
          positionMethod="fixed"
          side={side}
          sideOffset={4}
          align={side === 'top' ? 'start' : 'end'}
        >
          <Menu.Popup className="menu">
            {items.map(({ label, icon: ItemIcon, onSelect, tone, hint }) => (
              <Menu.Item key={label} className="menu-item" data-tone={tone} onClick={onSelect}>
                {ItemIcon && <ItemIcon aria-hidden size={16} />}
                <span>{label}</span>
                {hint && <kbd>{hint}</kbd>}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
