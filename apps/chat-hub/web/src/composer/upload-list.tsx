import { CircleAlert, File as FileIcon, Pause, Play, RotateCw, X } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';
import { sizeText } from './file-size.ts';
import type { Upload, Uploads } from './uploads.ts';
import './uploads.css';

export interface UploadListProps {
  readonly uploads: Uploads;
  readonly all: readonly Upload[];
}

/** What goes with the message, and how far it is. */
export function UploadList({ uploads, all }: UploadListProps) {
  return (
    <ul className="uploads" aria-label="Files of this message">
      {all.map((upload) => (
        <li key={upload.clientId} className="upload" data-state={upload.state}>
          {upload.preview === undefined ? (
            <span className="upload-picture">
              {upload.state === 'failed' ? (
                <CircleAlert aria-hidden size={20} />
              ) : (
                <FileIcon aria-hidden size={20} />
              )}
            </span>
          ) : (
            <img className="upload-picture" src={upload.preview} alt="" width={44} height={44} />
          )}
          <div className="upload-main">
            <b dir="auto" title={upload.name}>
              {upload.name}
            </b>
            <p>{stateText(upload)}</p>
            {(upload.state === 'uploading' || upload.state === 'paused') && (
              <progress aria-label={`Upload of ${upload.name}`} value={upload.received} max={upload.size} />
            )}
          </div>
          {upload.state === 'uploading' && (
            <IconButton
              label={`Pause ${upload.name}`}
              icon={Pause}
              onClick={() => uploads.pause(upload.clientId)}
            />
          )}
          {upload.state === 'paused' && (
            <IconButton
              label={`Go on with ${upload.name}`}
              icon={Play}
              onClick={() => uploads.retry(upload.clientId)}
            />
          )}
          {upload.state === 'failed' && upload.canRetry && (
            <IconButton
              label={`Try ${upload.name} again`}
              icon={RotateCw}
              onClick={() => uploads.retry(upload.clientId)}
            />
          )}
          <IconButton
            label={`Remove ${upload.name}`}
            icon={X}
            onClick={() => uploads.remove(upload.clientId)}
          />
        </li>
      ))}
    </ul>
  );
}

function stateText({ state, size, received, problem }: Upload): string {
  if (state === 'failed') return problem ?? 'It could not be uploaded.';
  if (state === 'ready') return sizeText(size);
  if (state === 'waiting') return 'Waits for its turn';
  const share = `${sizeText(received)} of ${sizeText(size)}`;
  return state === 'paused' ? `Paused · ${share}` : share;
}
