/**
 * Which TPMs are simulators, or software inside a host, by what they say and by the bridge they answer on (rule S5). The
 * strings only catch mistakes: who wants to deceive writes others, and genuineness is the EK certificate's chain alone.
 *
 * - swtpm and libtpms say maker `IBM` + NUL, vendor `SW   TPM`; IBM's own simulator says maker `IBM` + space.
 * - Microsoft's reference code (ms-tpm-20-ref) says `MSFT` / `xCG fTPM`. Firmware TPMs of real boards are built from it and
 *   often keep these strings, so behind a device, a command or ssh it is taken for one. The socket protocols of mssim and
 *   swtpm are spoken by simulators only: there it is a simulator.
 * - IBM's id with any other vendor string is usually a virtual machine's TPM.
 */
import type { TctiName } from '../tcti/tcti.ts';
import type { TpmIdentity } from './tpm-identity.ts';

export type SimulatorJudgement = 'known-simulator' | 'reference-firmware' | 'virtual-machine' | 'not-known';

const IBM = '49424D00';
const IBM_SIMULATOR = '49424D20';
const MICROSOFT = '4D534654';

export function judgeSimulator(identity: TpmIdentity, bridge: TctiName): SimulatorJudgement {
  const { manufacturerId, vendor } = identity;
  if (manufacturerId === IBM_SIMULATOR || /^SW\s+TPM$/.test(vendor)) return 'known-simulator';
  if (manufacturerId === IBM) return 'virtual-machine';
  if (manufacturerId === MICROSOFT && /^xCG\s*fTPM$/i.test(vendor)) {
    return bridge === 'mssim' || bridge === 'swtpm' ? 'known-simulator' : 'reference-firmware';
  }
  return 'not-known';
}
