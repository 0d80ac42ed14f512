import type { ConfigProblem } from '@parley/runtime';
import type { HubVariables } from './config-variables.ts';
import { readBucket, standardFileBounds, type FileConfig, type FilePlace } from './files/file-config.ts';

/**
 * Where files are kept, and how many.
 *
 * @param beside the folder for who named none; undefined: then there are no files
 */
export function fileConfig(
  said: HubVariables,
  beside: string | undefined,
  problems: ConfigProblem[],
): FileConfig {
  return {
    place: placeOf(said, beside, problems),
    largest: said.HUB_FILE_MAX ?? standardFileBounds.largest,
    perUser: said.HUB_FILE_QUOTA_USER ?? standardFileBounds.perUser,
    workspace: said.HUB_FILE_QUOTA ?? standardFileBounds.workspace,
  };
}

function placeOf(
  said: HubVariables,
  beside: string | undefined,
  problems: ConfigProblem[],
): FilePlace | undefined {
  const path = said.HUB_FILES ?? beside;
  if (path === undefined || path === 'off') return undefined;
  const bucket = readBucket(path);
  if (bucket === undefined) return { kind: 'folder', path };
  const { HUB_S3_REGION: region = 'us-east-1', HUB_S3_ACCESS_KEY, HUB_S3_SECRET_KEY } = said;
  for (const [variable, value] of Object.entries({ HUB_S3_ACCESS_KEY, HUB_S3_SECRET_KEY })) {
    if (value === undefined)
      problems.push({ variable, message: `${variable} must be set where HUB_FILES is a bucket` });
  }
  return {
    kind: 's3',
    ...bucket,
    endpoint: said.HUB_S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`,
    region,
    accessKey: HUB_S3_ACCESS_KEY ?? '',
    secretKey: HUB_S3_SECRET_KEY ?? '',
  };
}
