/**
 * The system programs that a test needs, for its `skip` option: false where they are all here, else the reason with
 * the command that installs them. `npm test` lists what was skipped; with CI=true set-up fails before it comes to that.
 *
 *   test('H1 …', { skip: missing('swtpm', 'tpm2-tools') }, async () => { … });
 */
import { installCommand, isInstalled, systemTools } from '../scripts/setup/system-tools.mjs';
import { sshd } from '../scripts/virtual-dut/ssh-dut.ts';

export type DebianPackage = 'swtpm' | 'swtpm-tools' | 'tpm2-tools' | 'socat' | 'xvfb' | 'chromium';

export function missing(...packages: readonly DebianPackage[]): string | false {
  const absent = systemTools
    .filter(tool => packages.some(name => name === tool.debianPackage) && !isInstalled(tool))
    .map(tool => tool.debianPackage);
  return absent.length > 0 && `needs ${absent.join(', ')}: ${installCommand(absent)}`;
}

/** The sshd that set-up unpacks for the tests. */
export function missingSshd(): string | false {
  return sshd === undefined && 'needs an unpacked openssh-server: node scripts/setup.mjs test';
}
