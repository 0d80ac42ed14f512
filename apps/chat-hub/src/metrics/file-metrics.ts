import type { FileFigures } from '../files/figures.ts';
import type { Metrics } from './metrics.ts';

/** What this node did with files, and how much room all of them take. */
export function fileMetrics(metrics: Metrics, figures: () => Readonly<FileFigures>): void {
  metrics.gauge(
    'parley_file_bytes',
    'Bytes that files of the workspace take, when this node last looked.',
    () => figures().bytesUsed,
  );
  metrics.total('parley_file_parts_total', 'Parts of files, by what became of them.', () => {
    const { partsWritten, partsFailed, partsRemoved } = figures();
    return [
      [{ outcome: 'written' }, partsWritten],
      [{ outcome: 'failed' }, partsFailed],
      [{ outcome: 'removed' }, partsRemoved],
    ];
  });
  metrics.total(
    'parley_file_written_bytes_total',
    'Bytes that were written where files are kept.',
    () => figures().bytesWritten,
  );
  metrics.total(
    'parley_file_removals_failed_total',
    'Times that a part could not be removed: it is tried again.',
    () => figures().removalsFailed,
  );
  metrics.total(
    'parley_files_collected_total',
    'Files that nobody has any more, and of which nothing is left.',
    () => figures().collected,
  );
  metrics.total('parley_previews_total', 'Pictures, by whether there is a preview.', () => {
    const { previewsMade, previewsMissing } = figures();
    return [
      [{ outcome: 'made' }, previewsMade],
      [{ outcome: 'missing' }, previewsMissing],
    ];
  });
}
