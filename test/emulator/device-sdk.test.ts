/** Microsoft's device SDK with azure-iot-security-tpm on a real TPM, unchanged but for host, port and the CA to trust. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { missing } from '../parts.ts';
import { called, type DeviceWithTpm, deviceWithTpm } from './device-with-tpm.ts';
import { callService, control, emulatorForTest, type TestEmulator } from './running-emulator.ts';

const require = createRequire(import.meta.url);
const transport =
  require('azure-iot-provisioning-device-http') as typeof import('azure-iot-provisioning-device-http');
const { ProvisioningDeviceClient } =
  require('azure-iot-provisioning-device') as typeof import('azure-iot-provisioning-device');
const base = createRequire(require.resolve('azure-iot-provisioning-device-http'))(
  'azure-iot-http-base',
) as typeof import('azure-iot-http-base');

interface Registered {
  readonly registrationId: string;
  readonly assignedHub: string;
  readonly deviceId: string;
  readonly status: string;
  readonly substatus: string;
}

describe('azure-iot-provisioning-device', { skip: missing('swtpm') }, () => {
  let emulator: TestEmulator;
  let device: DeviceWithTpm;
  let agent: Agent;
  before(async () => {
    [emulator, device] = await Promise.all([emulatorForTest(), deviceWithTpm()]);
    agent = new Agent({ ca: readFileSync(emulator.caFile) });
    Object.assign(agent, { defaultPort: emulator.port }); // the SDK has no port option
  });
  after(async () => {
    agent.destroy();
    await device[Symbol.asyncDispose]();
    assert.deepEqual(emulator.defects, []);
    await emulator[Symbol.asyncDispose]();
  });

  const register = async () => {
    const http = new base.Http();
    http.setOptions({ http: { agent } } as never);
    const client = ProvisioningDeviceClient.create(
      'localhost',
      emulator.idScope,
      new transport.Http(http as never),
      device.security,
    );
    const result = await called<{ readonly registrationState: Registered }>(done =>
      client.register(done as never),
    );
    return result.registrationState;
  };
  const enroll = (members: object, headers = {}) =>
    callService(
      emulator,
      'PUT',
      `/enrollments/${device.registrationId}`,
      {
        registrationId: device.registrationId,
        attestation: { type: 'tpm', tpm: { endorsementKey: device.endorsementKey } },
        ...members,
      },
      headers,
    );

  it('is refused while it is not enrolled', async () => {
    await assert.rejects(register());
    const registration = await callService(emulator, 'GET', `/registrations/${device.registrationId}`);
    assert.equal(registration.status, 404);
  });

  it('is assigned once it is enrolled, and the service API tells of it', async () => {
    assert.equal((await enroll({ deviceId: 'Device-1', iotHubHostName: 'hub.example' })).status, 200);
    const registered = await register();
    assert.equal(registered.assignedHub, 'hub.example');
    assert.equal(registered.deviceId, 'Device-1');
    assert.equal(registered.status, 'assigned');
    assert.equal(registered.substatus, 'initialAssignment');
    const { json } = await callService(emulator, 'GET', `/enrollments/${device.registrationId}`);
    assert.equal(json.registrationState.status, 'assigned');
    assert.equal(json.registrationState.tpm, undefined, 'the key is for the device alone');
    assert.equal((await register()).substatus, 'reprovisionedToInitialAssignment');
  });

  it('bears a fault on the way as an error, and is assigned when it is over', async () => {
    await control(emulator, 'POST', 'faults', {
      kind: 'server-error',
      requests: 1,
      operations: ['operationStatus'],
    });
    await assert.rejects(register(), { name: 'InternalServerError' });
    assert.equal((await register()).status, 'assigned');
  });

  it('is not assigned while its enrollment is disabled, or is of another endorsement key', async () => {
    await enroll({ provisioningStatus: 'disabled' }, { 'If-Match': '*' });
    await assert.rejects(register());
    const another = { endorsementKey: device.storageRootKey };
    await enroll({ attestation: { type: 'tpm', tpm: another } }, { 'If-Match': '*' });
    await assert.rejects(register());
  });
});
