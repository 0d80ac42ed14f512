/** The form of a backup. A hub restores those of its own and of earlier forms. */
export const backupForm = { parley: 'backup', version: 1 } as const;

/** No line is longer: a part of a file in base64 is the longest that there is. */
export const longestLine = 8 * 1_048_576;

/**
 * What is kept, in an order in which rows can be added: those that others refer to come before them. Whatever table is added by a migration is
 * added here as well.
 */
export const backupTables = [
  'workspace',
  'users',
  'tokens',
  'setup_codes',
  'channels',
  'members',
  'messages',
  'changes',
  'edits',
  'reactions',
  'mentions',
  'threads',
  'thread_follows',
  'streams',
  'mutes',
  'turns',
  'files',
  'file_parts',
  'attachments',
  'file_usage',
  'incoming_webhooks',
  'webhooks',
  'deliveries',
  'commands',
  'command_calls',
  'command_answers',
  'imported',
  // Adding an entry puts it among those that wait for a seal: who does is said behind it.
  'audit',
  'audit_seals',
  'audit_unsealed',
] as const;
export type BackupTable = (typeof backupTables)[number];

export function isBackupTable(name: string): name is BackupTable {
  return backupTables.some((table) => table === name);
}

/** Agents refer to who answers for them. */
export const orders: Readonly<Partial<Record<BackupTable, string>>> = {
  users: 'order by owner_id is not null, id',
};

/** What a backup has of the workspace is part of an epoch that is over when it is restored, and its files are at another place. */
export const leftOut: Readonly<Partial<Record<BackupTable, readonly string[]>>> = {
  workspace: ['nonce', 'files_at'],
};
