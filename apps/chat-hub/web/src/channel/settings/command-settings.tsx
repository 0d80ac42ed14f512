import type { Channel, Command } from '@parley/hub-protocol';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { callAny } from '../../hub/call-any.ts';
import { useSession, useUser } from '../../hub/context.ts';
import { nameOf } from '../../hub/names.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import type { Rights } from '../rights.ts';
import { ListState } from './list-state.tsx';
import { NewCommand } from './new-command.tsx';
import { SecretOnce } from './secret-once.tsx';
import { Section } from './section.tsx';
import { useList } from './use-list.ts';

/** What may be typed here behind a slash. */
export function CommandSettings({ channel, rights }: { readonly channel: Channel; readonly rights: Rights }) {
  const { userId } = useSession();
  const params = { channelId: channel.id };
  const list = useList(async () => (await callAny('listCommands', { params })).items);
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [ending, setEnding] = useState<Command>();
  const ends = (command: Command): boolean =>
    rights.commands && (rights.moderate || command.userId === userId);
  return (
    <Section
      title="Commands"
      about="What anybody here types as /name goes to an agent, or to the address of another program, and is answered."
    >
      <ListState list={list} empty="There are no commands here. Agents bring their own." />
      <ul className="settings-list">
        {list.items?.map((command) => (
          <Line
            key={command.id}
            command={command}
            onEnd={ends(command) ? () => setEnding(command) : undefined}
          />
        ))}
      </ul>
      {secret !== undefined && (
        <SecretOnce
          label="Secret of the signature"
          secret={secret}
          about="It is shown this once. With it the other program makes sure that what comes is ours."
          onDone={() => setSecret(undefined)}
        />
      )}
      {rights.commands && rights.moderate && !making && (
        <Button onClick={() => setMaking(true)}>Add a command</Button>
      )}
      {making && (
        <NewCommand
          channelId={channel.id}
          onMade={(told) => {
            setMaking(false);
            setSecret(told);
            void list.read();
          }}
          onCancel={() => setMaking(false)}
        />
      )}
      {ending && (
        <Confirm
          title={`End /${ending.name}?`}
          button="End it"
          act={async () => {
            await callAny('deleteCommand', { params: { ...params, commandId: ending.id } });
            await list.read();
          }}
          onClose={() => setEnding(undefined)}
        >
          Nobody can type it here any more.
        </Confirm>
      )}
    </Section>
  );
}

interface LineProps {
  readonly command: Command;
  readonly onEnd: (() => void) | undefined;
}

function Line({ command, onEnd }: LineProps) {
  const actor = useUser(command.userId);
  return (
    <li>
      <div>
        <b>/{command.name}</b>
        {command.description !== '' && <span dir="auto">{command.description}</span>}
        <span>
          answered by <bdi>{nameOf(actor)}</bdi>
          {command.origin !== null && `, at ${command.origin}`}
        </span>
      </div>
      {onEnd && <IconButton label={`End /${command.name}`} icon={Trash2} onClick={onEnd} />}
    </li>
  );
}
