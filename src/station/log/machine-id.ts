/**
 * Which machine this is, so that a data directory that wakes up on another one is noticed (rule A1): the id that the system
 * was given when it was installed. The ledger holds only a digest of it, another one for each log: nobody can tell from two
 * ledgers that they were on one machine. `KEYLINE_MACHINE_ID` names the machine where its system does not (containers).
 */
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** Hex; undefined where nothing names the machine: then no other machine is ever noticed. */
export function machineDigest(logId: string, env: Environment): string | undefined {
  const id = env.KEYLINE_MACHINE_ID || systemId();
  return id === undefined ? undefined : hash('sha256', `keyline machine 1\n${logId}\n${id}\n`);
}

function systemId(): string | undefined {
  try {
    switch (process.platform) {
      case 'linux':
        // machine-id(5); without one, as in many containers, the file is missing or empty.
        return /^[0-9a-f]{32}$/.exec(readFileSync('/etc/machine-id', 'utf8').trim())?.[0];
      case 'win32':
        return /MachineGuid\s+REG_SZ\s+([0-9a-f-]{36})/i.exec(
          run('reg', ['query', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid']),
        )?.[1];
      case 'darwin':
        return /"IOPlatformUUID" = "([0-9A-F-]{36})"/.exec(
          run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']),
        )?.[1];
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    timeout: 5_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
