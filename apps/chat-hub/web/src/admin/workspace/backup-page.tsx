import { Download } from 'lucide-react';
import { useState } from 'react';
import { Notice } from '../../ui/notice.tsx';
import { PageHead, Section } from '../parts/page-head.tsx';
import { useOwnRole } from '../people/roles.ts';
import './workspace.css';

/** Everything, to be taken along. The browser asks for it itself, so that it is written to a file as it comes. */
export function BackupPage() {
  const isOwner = useOwnRole() === 'owner';
  const [direct, setDirect] = useState(false);
  return (
    <>
      <PageHead
        title="Backup"
        about="The hub goes on while it is written. What is in it is as of one moment."
      />
      {!isOwner ? (
        <Notice>A backup takes everything along, and is for who owns the workspace.</Notice>
      ) : (
        <>
          <Section
            title="Backup"
            about={
              <>
                All that the hub has: people, channels, messages, files, tokens as far as they are kept. A hub
                is made of it again by <span className="code">parley hub restore</span>. Keep it as safe as
                the hub itself.
              </>
            }
            actions={
              <a className="button" data-tone="main" href="/api/v1/backup" download="parley.backup">
                <Download aria-hidden size={16} /> Download a backup
              </a>
            }
          />
          <Section
            title="Export"
            about="People, channels and messages as lines of JSON, without secrets: for other programs, and for other hubs."
            actions={
              <a
                className="button"
                href={`/api/v1/export${direct ? '?direct=true' : ''}`}
                download="parley-export.jsonl"
              >
                <Download aria-hidden size={16} /> Download an export
              </a>
            }
          >
            <label className="check">
              <input type="checkbox" checked={direct} onChange={(event) => setDirect(event.target.checked)} />
              <span>With direct conversations</span>
              <small>What people wrote to one or a few others, who did not mean it for you.</small>
            </label>
          </Section>
          <p className="workspace-note">
            A node writes one of them at a time. If your browser says that a download failed, another one may
            be under way: try again in a minute. Each is noted in the audit log.
          </p>
        </>
      )}
    </>
  );
}
