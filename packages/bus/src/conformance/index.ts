import type { BrokerHarness } from './broker-harness.ts';
import type { BusHarness } from './bus-harness.ts';
import { deadJobLaws } from './dead-job-laws.ts';
import { feedLaws } from './feed-laws.ts';
import { jobLaws } from './job-laws.ts';
import type { Law } from './law.ts';
import { messageLaws } from './message-laws.ts';
import { streamLaws } from './stream-laws.ts';
import { workLaws } from './work-laws.ts';

export type { BrokerHarness } from './broker-harness.ts';
export type { BusHarness } from './bus-harness.ts';
export type { Law } from './law.ts';

/** Everything that a `Broker` promises. Run each with a new harness, in any test runner. */
export const brokerLaws: readonly Law<BrokerHarness>[] = [
  ...streamLaws,
  ...feedLaws,
  ...jobLaws,
  ...deadJobLaws,
];

/** What a bus over a broker promises, between two processes. */
export const busLaws: readonly Law<BusHarness>[] = [...messageLaws, ...workLaws];
