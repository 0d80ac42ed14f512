import type { Session } from '@parley/runtime';
import { z } from 'zod';
import { BackupRefused } from './backup-refused.ts';
import { migrationsOf } from './columns.ts';
import { backupForm } from './layout.ts';

const headerSchema = z.object({
  parley: z.literal(backupForm.parley),
  version: z.number(),
  hub: z.string(),
  migrations: z.array(z.object({ number: z.number(), name: z.string(), checksum: z.string() })),
});

/** Makes sure that what comes is a backup that these tables can take: of the same version of the hub, or of an earlier one. */
export async function requireFit(text: string, session: Session, schema: string): Promise<void> {
  const { version, hub, migrations } = read(text);
  const known = new Map((await migrationsOf(session, schema)).map((each) => [each.number, each]));
  const strange = migrations.find(({ number, checksum }) => known.get(number)?.checksum !== checksum);
  if (version > backupForm.version || strange !== undefined)
    throw new BackupRefused(
      `version ${hub} of the hub wrote it, of which this one does not know ${strange?.name ?? 'the form'}: update the hub`,
    );
}

function read(text: string): z.output<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new BackupRefused('its first line is not that of a backup', cause);
  }
}
