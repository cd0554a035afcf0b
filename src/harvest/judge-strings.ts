/**
 * What a run makes of the name that a TPM gives itself (rules S5, H8): a known simulator is for rehearsals only, the rest
 * is a warning. The strings catch mistakes and prove nothing.
 */
import type { TctiName } from '../tcti/tcti.ts';
import { judgeSimulator } from '../tpm/simulators.ts';
import type { TpmIdentity } from '../tpm/tpm-identity.ts';
import type { WarningCode } from './finding.ts';
import { Refusal } from './refusal.ts';

export type ReferenceFirmwarePolicy = 'warn' | 'accept';

export interface StringsPolicy {
  /** A rehearsal takes known simulators, with a warning. */
  readonly rehearsal: boolean;
  readonly referenceFirmware?: ReferenceFirmwarePolicy | undefined;
}

/** Throws Refusal `simulator-refused`. */
export function judgeStrings(
  { rehearsal, referenceFirmware = 'warn' }: StringsPolicy,
  tpm: TpmIdentity,
  bridge: TctiName,
  warnings: Set<WarningCode>,
): void {
  switch (judgeSimulator(tpm, bridge)) {
    case 'known-simulator':
      if (!rehearsal)
        throw new Refusal(
          'simulator-refused',
          `this is a simulated TPM (${tpm.manufacturer}, ${tpm.vendor})`,
        );
      warnings.add('simulator');
      break;
    case 'reference-firmware':
      if (referenceFirmware === 'warn') warnings.add('reference-firmware-tpm');
      break;
    case 'virtual-machine':
      warnings.add('virtual-tpm');
      break;
    case 'not-known':
  }
}
