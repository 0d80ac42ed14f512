import { limits } from '@parley/hub-protocol';
import { useState } from 'react';
import { useHub } from '../hub/context.ts';
import { sentenceOf } from '../hub/problem.ts';
import { openDirect } from '../people/open-direct.ts';
import { PeoplePicker } from '../people/people-picker.tsx';
import { closeOverlay } from '../shell/overlay.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { useWork } from '../ui/use-work.ts';
import './finding.css';

/** A conversation with one or a few: the one that there is, or a new one. */
export function NewDirect() {
  const hub = useHub();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { run, busy, error } = useWork(async () => {
    await openDirect(hub, chosen);
    closeOverlay();
  });
  return (
    <Dialog title="New direct message" open onClose={closeOverlay}>
      <form
        className="finding-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen.length > 0) void run();
        }}
      >
        {error !== undefined && <Notice tone="bad">{sentenceOf(error)}.</Notice>}
        <PeoplePicker
          label="To"
          hint={`One, or up to ${limits.groupMembers - 1}: people and agents.`}
          chosen={chosen}
          onChange={setChosen}
          most={limits.groupMembers - 1}
          autoFocus
        />
        <div className="finding-end">
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button tone="main" type="submit" disabled={busy || chosen.length === 0}>
            {chosen.length > 1 ? 'Open the group' : 'Open the conversation'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
