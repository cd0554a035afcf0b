/** What `doctor` finds of the station's clock (rule O7). */
import { clockEvidence, roughly, wrongClockText } from '../clock/clock-evidence.ts';
import type { StationCore } from '../open-core.ts';
import type { DoctorFinding } from './doctor-finding.ts';

const SET_IT =
  'Set date and time, and switch on time synchronisation. What was recorded keeps the time that this clock had, marked unsynced.';

export function examineClock(core: StationCore): DoctorFinding {
  const check = 'clock';
  const { clock, aheadMs, steppedMs } = clockEvidence(core);
  const wrong = wrongClockText(aheadMs);
  const found = [
    new Date(core.clock.read().at).toISOString(),
    clock,
    ...(aheadMs === null ? [] : [wrong ?? 'in step with DPS to a minute']),
    ...(steppedMs === null
      ? []
      : [
          `moved ${roughly(steppedMs)} ${steppedMs > 0 ? 'ahead' : 'back'} since the newest entry of the audit log`,
        ]),
  ].join('; ');
  if (wrong !== undefined) return { check, state: 'bad', kind: 'usage', found, remedy: SET_IT };
  if (steppedMs !== null) return { check, state: 'notice', found, remedy: SET_IT };
  if (clock === 'synced') return { check, state: 'good', found };
  return {
    check,
    state: 'notice',
    found,
    remedy:
      'Nothing known keeps this clock in step; entries say so. Switch on time synchronisation where the plant allows it.',
  };
}
