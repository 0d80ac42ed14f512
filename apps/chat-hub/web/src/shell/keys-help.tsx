import { Dialog } from '../ui/dialog.tsx';
import { isApple } from './apple.ts';
import { keys, type Key } from './keys.ts';
import { closeOverlay } from './overlay.ts';
import './keys-help.css';

const places: readonly Key['where'][] = ['Everywhere', 'Channels', 'Messages', 'Writing'];

/** All keys, by where they do something. */
export function KeysHelp() {
  return (
    <Dialog title="Keyboard" open size="large" onClose={closeOverlay}>
      <div className="keys">
        {places.map((place) => (
          <section key={place}>
            <h3>{place}</h3>
            <dl>
              {keys
                .filter(({ where }) => where === place)
                .map((key) => (
                  <div key={`${key.keys} ${key.what}`}>
                    <dt>{key.what}</dt>
                    <dd>
                      <Combination keys={key.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Combination({ keys }: { readonly keys: string }) {
  const parts = keys.split(/[+ ]/u).map((key) => (isApple && key === 'Ctrl' ? '⌘' : key));
  return parts.map((part) => <kbd key={part}>{isApple && part === 'Alt' ? '⌥' : part}</kbd>);
}
