export { callExamples, exampleOf } from './example-calls.ts';
export { eventExamples } from './example-events.ts';
export { clientFrameExamples, serverFrameExamples } from './example-frames.ts';
export { openApi } from './openapi.ts';
export type { OpenApiDocument, OpenApiOptions } from './openapi.ts';
export { referencePages } from './reference.ts';
