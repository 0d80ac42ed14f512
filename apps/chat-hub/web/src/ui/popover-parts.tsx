import { Popover } from '@base-ui/react/popover';
import type { PopoverProps } from './popover.tsx';
import './popover.css';

export function PopoverParts({ label, anchor, align = 'end', onClose, children }: PopoverProps) {
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          className="popover-place"
          anchor={anchor}
          side="top"
          align={align}
          sideOffset={6}
          collisionPadding={8}
        >
          <Popover.Popup
            className="popover"
            aria-label={label}
            finalFocus={() => (anchor instanceof HTMLElement && anchor.isConnected ? anchor : true)}
          >
            {children}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
