/** The states of a station as its host keeps it, and what each of them shows at a window while the station is not open (rule S4). */
import type { ledgerHints } from '../../db/errors.ts';
import { SaidByThread } from './backup/ask-backup-thread.ts';
import type { RestoreRecord, StoppedLook } from './backup/backup-work-thread.ts';
import { describeFailure } from './failure.ts';
import type { Station } from './open-station.ts';
import type { StopFailure, StopView } from './stop-view.ts';

export type KeptState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly station: Station }
  | {
      readonly kind: 'stopped';
      /** Undefined: it was open till a restore that came to nothing. */
      readonly error: unknown;
      readonly look: StoppedLook;
      readonly restoreFailure?: StopFailure;
    }
  | { readonly kind: 'restoring'; readonly backup: string }
  | { readonly kind: 'restored'; readonly report: RestoreRecord };

/**
 * @param station its name and language, as far as they are known
 * @param canEnd the window's host can be ended
 */
export function stopViewOf(
  state: KeptState,
  station: Pick<StopView, 'language' | 'name'>,
  canEnd: boolean,
): StopView {
  switch (state.kind) {
    case 'restoring':
      return { ...station, state: 'restoring', backup: state.backup };
    case 'restored':
      return { ...station, state: 'restored', report: state.report };
    case 'stopped': {
      const { backups, folder, restore } = state.look;
      const offered = mayRestore(state.error);
      return {
        ...station,
        state: 'stopped',
        ...(state.error !== undefined && { failure: failureOf(state.error) }),
        ...(state.restoreFailure && { restoreFailure: state.restoreFailure }),
        backups: offered ? backups : [],
        ...(offered && folder !== undefined && { folder }),
        restore: offered ? restore : 'nobody',
        canEnd: canEnd && isShut(state),
      };
    }
    default:
      return { ...station, state: 'opening' };
  }
}

/** Where it can be opened, leaving the kiosk takes a person with a PIN, as ever. */
export const isShut = (state: KeptState): boolean => state.kind === 'stopped' && state.error !== undefined;

/** Where the ledger is broken or gone: of nothing else a restore would be the remedy. */
const restorable: ReadonlySet<string> = new Set([
  'ledger-missing',
  'not-a-file',
  'not-sqlite',
  'not-a-ledger',
  'corrupt',
  'io',
] satisfies (keyof typeof ledgerHints | 'ledger-missing')[]);

export const mayRestore = (error: unknown): boolean =>
  error !== undefined && restorable.has(failureOf(error).code);

export function failureOf(error: unknown): StopFailure {
  if (error instanceof SaidByThread)
    return 'stopped' in error.said ? { code: 'stopped', detail: '' } : error.said;
  const { code, message } = describeFailure(error);
  return { code, detail: message };
}
