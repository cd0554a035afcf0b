/** Whether the device in a decided fixture waits for the password of its TPM, which only a supervisor gives. */
import type { FixtureView } from '../../src/api/contract.ts';

export function asksForPassword({ state, verdict, serial }: FixtureView): boolean {
  return (
    state === 'decided' &&
    serial !== undefined &&
    (verdict?.code === 'hierarchy-password' || verdict?.code === 'hierarchy-password-refused')
  );
}
