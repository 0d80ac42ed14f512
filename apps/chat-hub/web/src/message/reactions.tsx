import type { HubState } from '@parley/hub-client';
import type { Message, Reaction } from '@parley/hub-protocol';
import { SmilePlus } from 'lucide-react';
import { useState } from 'react';
import { useStanding } from '../composer/use-standing.ts';
import { EmojiPopover } from '../emoji/emoji-popover.tsx';
import { useHub, useSession } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useWishes, withWishes } from './wishes.ts';
import './reactions.css';

const mostNamed = 10;

/** Who reacted with what. */
export function Reactions({ message }: { readonly message: Message }) {
  const { userId } = useSession();
  const shown = withWishes(message.reactions, useWishes(message.id), userId);
  return shown.length === 0 || message.deletedAt !== null ? null : <Chips message={message} shown={shown} />;
}

interface ChipsProps {
  readonly message: Message;
  readonly shown: readonly Reaction[];
}

function Chips({ message, shown }: ChipsProps) {
  const hub = useHub();
  const { userId, scopes } = useSession();
  const { canWrite } = useStanding(message.channelId);
  const toasts = useToasts();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const mayReact = canWrite && scopes.has('react');
  const toggle = (emoji: string): void =>
    void import('./reacting.ts')
      .then(({ toggleReaction }) => toggleReaction(hub, message, emoji, userId))
      .catch(toasts.fail);
  return (
    <div className="reactions" role="group" aria-label="Reactions">
      {shown.map(({ emoji, userIds }) => {
        const who = whoText(userIds, userId, hub.snapshot());
        const isOwn = userIds.includes(userId);
        return (
          <button
            key={emoji}
            type="button"
            className="reaction"
            aria-pressed={isOwn}
            aria-label={`${emoji} ${userIds.length}: ${who}`}
            title={`${who} reacted with ${signOf(emoji)}`}
            disabled={!mayReact}
            onClick={() => toggle(emoji)}
          >
            <span className="reaction-sign" data-emoji={isNamed(emoji) ? undefined : true}>
              {signOf(emoji)}
            </span>
            <span className="reaction-count">{userIds.length}</span>
          </button>
        );
      })}
      {mayReact && (
        <IconButton
          className="reaction-add"
          label="Add a reaction"
          icon={SmilePlus}
          aria-haspopup="dialog"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(event.currentTarget)}
        />
      )}
      <EmojiPopover
        anchor={anchor}
        onClose={() => setAnchor(null)}
        onPick={(emoji) => {
          setAnchor(null);
          if (!shown.some((one) => one.emoji === emoji && one.userIds.includes(userId))) toggle(emoji);
        }}
      />
    </div>
  );
}

/** Agents may react with the name of an emoji. */
const signOf = (emoji: string): string => (isNamed(emoji) ? `:${emoji}:` : emoji);
const isNamed = (emoji: string): boolean => /^[a-z0-9_+-]+$/iu.test(emoji);

function whoText(userIds: readonly string[], me: string, { users }: HubState): string {
  const names = userIds
    .slice(0, mostNamed)
    .map((id) => (id === me ? 'You' : nameOf(users.get(id))))
    // Oneself comes first.
    .toSorted((a, b) => Number(b === 'You') - Number(a === 'You'));
  const more = userIds.length - names.length;
  if (more > 0) names.push(`${more} more`);
  return new Intl.ListFormat('en').format(names);
}
