/** What this node has done with files since its start, for who watches over it. */
export class FileFigures {
  /** Of all files of the workspace, when it was last looked at. */
  bytesUsed = 0;
  partsWritten = 0;
  bytesWritten = 0;
  /** The store did not take them. */
  partsFailed = 0;
  /** Files that nobody has any more, of which nothing is left. */
  collected = 0;
  partsRemoved = 0;
  /** The store did not let go of them: they are tried again. */
  removalsFailed = 0;
  previewsMade = 0;
  /** Pictures of which none could be made. */
  previewsMissing = 0;
}
