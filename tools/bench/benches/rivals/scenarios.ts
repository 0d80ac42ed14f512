import type { RivalScenario } from './scenario.ts';
import { skewedClocks } from './scenarios/clocks.ts';
import { busCut } from './scenarios/cut-bus.ts';
import { hangingLoader, serverAway } from './scenarios/hanging.ts';
import { cluster, patterns } from './scenarios/names.ts';
import { invalidatedWhileLoading, writtenWhileReading } from './scenarios/racing-loads.ts';
import { evictedTag, expiredRow, stampede, warmReads } from './scenarios/stores.ts';
import { falsyValues, throwingLoader } from './scenarios/values.ts';

export const scenarios: readonly RivalScenario[] = [
  invalidatedWhileLoading,
  busCut,
  writtenWhileReading,
  cluster,
  patterns,
  evictedTag,
  falsyValues,
  throwingLoader,
  hangingLoader,
  serverAway,
  stampede,
  expiredRow,
  warmReads,
  skewedClocks,
];
