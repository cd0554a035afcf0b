/** Whether a ledger that is opened must go on in another log (rule A1): no origin ever has two trees. */
import type { Ledger } from '../../../db/ledger.ts';
import { machineDigest } from './machine-id.ts';
import type { NewLogOrder } from './new-log.ts';
import { rolledBackTo } from './outside-checkpoints.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** @param folder where this station keeps its checkpoints outside the ledger */
export function whyNewLog(ledger: Ledger, folder: string, env: Environment): NewLogOrder | undefined {
  const log = ledger.logs.current();
  if (!log) return undefined;
  const outside = rolledBackTo(ledger, folder);
  if (outside) return { because: 'rolled-back', after: log.log_id, outsideCheckpoint: outside.note };
  const machine = machineDigest(log.log_id, env);
  const known = ledger.logMachines.get(log.log_id);
  if (machine === undefined || known === undefined || machine === known) return undefined;
  return { because: 'machine-changed', after: log.log_id };
}

/** Writes down the machine of a log that has none yet: one from before this was looked at, or a new one. */
export function noteMachine(ledger: Ledger, env: Environment): void {
  const { log_id } = ledger.logs.current()!;
  const machine = machineDigest(log_id, env);
  if (machine === undefined || ledger.logMachines.get(log_id) !== undefined) return;
  ledger.transaction(() => {
    if (ledger.logMachines.get(log_id) === undefined) ledger.logMachines.insert(log_id, machine);
  });
}

export const newLogNotices: Readonly<Record<NewLogOrder['because'], string>> = {
  'machine-changed':
    'this ledger comes from another machine: its audit log goes on as a new log, with a new key',
  'rolled-back':
    'a checkpoint that was kept outside has more entries than this ledger: its newest entries are lost, and the audit log goes on as a new log that says so. See `keyline doctor`',
  restored: 'this ledger was restored: its audit log goes on as a new log, with a new key',
};
