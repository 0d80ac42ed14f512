import { ParleyError } from '@parley/cache-core/kernel';

/** A backup that cannot be restored, or not here. Nothing was changed. */
export class BackupRefused extends ParleyError {
  declare readonly code: 'BACKUP_REFUSED';
  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'BackupRefused',
      configurable: true,
      writable: true,
    });
  }
  constructor(reason: string, cause?: unknown) {
    super(`The backup cannot be restored: ${reason}`, { code: 'BACKUP_REFUSED', cause });
  }
}
