import { eventsMarkdown } from './events-markdown.ts';
import { framesMarkdown } from './frames-markdown.ts';
import { restMarkdown } from './rest-markdown.ts';
import { rulesMarkdown } from './rules-markdown.ts';

/** The pages of the reference by their file names: the protocol as a document, from the schemas that are checked with. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    'hub-events.md': eventsMarkdown(),
    'hub-frames.md': framesMarkdown(),
    'hub-rest.md': restMarkdown(),
    'hub-rules.md': rulesMarkdown(),
  };
}
