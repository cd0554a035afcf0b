/** Names of backups: `keyline-<station id>-<UTC, to the millisecond>`, so that names sort by time and say whose they are. */

const stamp = /^\d{8}T\d{9}Z$/;

export function backupName(stationId: string, at: number): string {
  return `${beginningOf(stationId)}${new Date(at).toISOString().replaceAll(/[-:.]/g, '')}`;
}

export function isBackupOf(stationId: string, name: string): boolean {
  const beginning = beginningOf(stationId);
  return name.startsWith(beginning) && stamp.test(name.slice(beginning.length));
}

/** @returns undefined where it is no backup's name */
export function stationOf(name: string): string | undefined {
  return /^keyline-([\w.+-]+)-\d{8}T\d{9}Z$/.exec(name)?.[1];
}

/** What is not whole yet, or is no longer: never looked at as a backup. */
export const draftOf = (name: string): string => `.${name}.part`;

export function isDraftOf(stationId: string, name: string): boolean {
  return (
    name.startsWith('.') && name.endsWith('.part') && isBackupOf(stationId, name.slice(1, -'.part'.length))
  );
}

const beginningOf = (stationId: string): string => `keyline-${stationId}-`;
