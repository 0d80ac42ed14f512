import { useEffect, useState } from 'react';
import { useHub } from '../hub/context.ts';
import { nameOf, titleOf } from '../hub/names.ts';
import { withoutMarks } from '../markdown/without-marks.ts';
import { isLooking, placeOf, readsHere } from './attention.ts';
import { occasionOf } from './occasion.ts';

const heardMs = 5_000;

/** Tells who hears the page that they were called elsewhere in it. */
export function Announcer() {
  const hub = useHub();
  const [text, setText] = useState('');
  useEffect(
    () =>
      hub.on('event', (event) => {
        const state = hub.snapshot();
        const occasion = isLooking() ? occasionOf(event, state) : undefined;
        if (occasion?.mention !== true) return;
        const { channelId, message } = occasion;
        if (readsHere(placeOf(channelId, message.threadId))) return;
        const channel = state.channels.get(channelId)?.channel;
        const who = message.senderId === null ? 'Parley' : nameOf(state.users.get(message.senderId));
        const where = channel === undefined ? '' : ` in ${titleOf(channel, state)}`;
        setText(`${who} mentioned you${where}: ${withoutMarks(message.content).slice(0, 200)}`);
      }),
    [hub],
  );
  // What stands there already would not be told when it is said again.
  useEffect(() => {
    const timer = setTimeout(() => setText(''), heardMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p className="quiet" role="status" aria-label="Mentions elsewhere">
      {text}
    </p>
  );
}
