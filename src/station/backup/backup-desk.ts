/**
 * The station's backups at one window (rules S1, S4): who may look, make, verify, and go on from one, asked for each act. The
 * work itself is the station's (`station-backups.ts`). A backup is named as the folder says, never by a path.
 */
import { authorize } from '../access/authorize.ts';
import type { Hands } from '../access/hands.ts';
import { needsFirstSupervisor } from '../access/manage-people.ts';
import type { ActName } from '../access/roles.ts';
import { reasonOf } from '../act.ts';
import { StationError } from '../errors.ts';
import { answering } from '../kiosk/desk-answer.ts';
import type { StationCore } from '../open-core.ts';
import type { BackupAnswer, BackupDesk, BackupRefusal, RestoreAct, RestoreAnswer } from './backup-view.ts';
import { NotNow, type StationBackups } from './station-backups.ts';

const answers = answering<'reason-invalid'>('reason-invalid');

/** @param own the kiosk's own window, where alone nobody has to sign in for a restore before there are people */
export function backupDesk(
  core: StationCore,
  backups: StationBackups,
  hands: Hands,
  own: boolean,
): BackupDesk {
  const act = <Answer>(name: ActName, work: (account: string) => Answer, by?: RestoreAct['by']) =>
    answers(async (): Promise<Answer | BackupRefusal> => {
      const actor = await hands.actor(by);
      const nobodySignsIn = actor.proof === 'account' && needsFirstSupervisor(core);
      const account = nobodySignsIn ? actor.account : authorize(core, name, actor);
      try {
        return work(account);
      } catch (error) {
        if (error instanceof NotNow) return { ok: false, code: error.code };
        throw error;
      }
    });
  const viewed = (work: () => void) =>
    act('work-on-backups', (): BackupAnswer => {
      work();
      return { ok: true, backup: backups.view() };
    });
  const restore = (account: string, { name, reason }: RestoreAct): RestoreAnswer => {
    const isOpen = needsFirstSupervisor(core);
    if (isOpen && !own) throw new StationError('sign-in-needed', 'not at the kiosk’s own window');
    const because = isOpen && reason.trim() === '' ? '' : reasonOf(reason);
    backups.goOnFrom(name, { account, reason: because });
    return { ok: true };
  };
  return {
    read: () => viewed(() => backups.look()),
    make: () => viewed(() => backups.make()),
    verify: ({ name }) => viewed(() => backups.verify(name)),
    stop: () => viewed(() => backups.stop()),
    restore: input => act('restore-station', account => restore(account, input), input.by),
  };
}
