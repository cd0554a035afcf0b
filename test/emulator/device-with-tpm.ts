/** A device with a real TPM (swtpm) behind Microsoft's azure-iot-security-tpm, as it comes from npm. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';
import { startMssimFront } from '../tcti/mssim-front.ts';

const require = createRequire(import.meta.url);
const { TpmSecurityClient } = require('azure-iot-security-tpm') as typeof import('azure-iot-security-tpm');
const requireOfSecurity = createRequire(require.resolve('azure-iot-security-tpm'));

export type SecurityClient = InstanceType<typeof TpmSecurityClient>;

export interface DeviceWithTpm {
  readonly security: SecurityClient;
  /** base64 of TPM2B_PUBLIC. */
  readonly endorsementKey: string;
  readonly storageRootKey: string;
  /** What Microsoft's clients make of the endorsement key. */
  readonly registrationId: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts one whose TPM has never been used. */
export async function deviceWithTpm(): Promise<DeviceWithTpm> {
  const stateDir = mkdtempSync(join(tmpdir(), 'keyline-device-'));
  const swtpm = await startSwtpm({ stateDir });
  const front = await startMssimFront(swtpm.port);
  const { Tpm } = requireOfSecurity('tss.js') as {
    Tpm: new (tcp: boolean, host: string, port: number) => { close(): void };
  };
  const tpm = new Tpm(true, '127.0.0.1', front.port);
  const security = new TpmSecurityClient(undefined, tpm);
  const endorsementKey = (await called<Buffer>(done => security.getEndorsementKey(done))).toString('base64');
  const storageRootKey = (await called<Buffer>(done => security.getStorageRootKey(done))).toString('base64');
  return {
    security,
    endorsementKey,
    storageRootKey,
    registrationId: await called<string>(done => security.getRegistrationId(done)),
    [Symbol.asyncDispose]: async () => {
      tpm.close();
      front.close();
      await swtpm.stop();
      rmSync(stateDir, { recursive: true });
    },
  };
}

/** A call with a callback as a promise. */
export function called<T>(
  call: (done: (error: Error | null | undefined, result?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result as T)));
  });
}
