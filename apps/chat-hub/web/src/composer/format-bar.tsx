import { Bold, Code, Italic, Link, List, ListOrdered, SquareCode, TextQuote } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';
import { formattings, type Formatting } from './text-edit.ts';

const items = [
  { label: 'Bold (Ctrl+B)', icon: Bold, formatting: formattings.bold },
  { label: 'Italic (Ctrl+I)', icon: Italic, formatting: formattings.italic },
  { label: 'Link (Ctrl+Shift+U)', icon: Link, formatting: formattings.link },
  { label: 'List (Ctrl+Shift+8)', icon: List, formatting: formattings.list },
  { label: 'Numbered list (Ctrl+Shift+7)', icon: ListOrdered, formatting: formattings.numbers },
  { label: 'Quotation (Ctrl+Shift+9)', icon: TextQuote, formatting: formattings.quote },
  { label: 'Code (Ctrl+E)', icon: Code, formatting: formattings.code },
  { label: 'Block of code (Ctrl+Shift+E)', icon: SquareCode, formatting: formattings.codeBlock },
] as const;

/** What marks a text up. The selection stays where it is. */
export function FormatBar({ onFormat }: { readonly onFormat: (formatting: Formatting) => void }) {
  return (
    <div className="format-bar" role="toolbar" aria-label="Formatting">
      {items.map(({ label, icon, formatting }) => (
        <IconButton
          key={label}
          label={label}
          icon={icon}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onFormat(formatting)}
        />
      ))}
    </div>
  );
}
