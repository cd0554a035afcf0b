/** The device API call by call, with a real TPM for what only a TPM can do. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { missing } from '../parts.ts';
import { called, type DeviceWithTpm, deviceWithTpm } from './device-with-tpm.ts';
import { ApiDescription, deviceOpenApiMissing } from './openapi.ts';
import {
  callService,
  control,
  emulatorForTest,
  type HttpAnswer,
  send,
  type TestEmulator,
} from './running-emulator.ts';

const template = '/{idScope}/registrations/{registrationId}';

describe('DeviceApi', { skip: missing('swtpm') }, () => {
  let emulator: TestEmulator;
  let device: DeviceWithTpm;
  let id: string;
  before(async () => {
    [emulator, device] = await Promise.all([emulatorForTest(), deviceWithTpm()]);
    id = device.registrationId;
    await enroll({});
  });
  after(async () => {
    await device[Symbol.asyncDispose]();
    assert.deepEqual(emulator.defects, []);
    await emulator[Symbol.asyncDispose]();
  });

  const enroll = (members: object, headers = {}) =>
    callService(
      emulator,
      'PUT',
      `/enrollments/${id}`,
      {
        registrationId: id,
        attestation: { type: 'tpm', tpm: { endorsementKey: device.endorsementKey } },
        ...members,
      },
      headers,
    );
  const call = (
    method: string,
    path: string,
    body?: unknown,
    authorization?: string,
    scope = emulator.idScope,
  ) =>
    send(emulator, {
      method,
      path: `/${scope}/registrations/${path}?api-version=2019-03-31`,
      body,
      headers: authorization === undefined ? {} : { Authorization: authorization },
    });
  const keys = () => ({ endorsementKey: device.endorsementKey, storageRootKey: device.storageRootKey });
  const challenge = (tpm: object = keys(), registrationId = id) =>
    call('PUT', `${registrationId}/register`, { registrationId, tpm });
  const refused = (answer: HttpAnswer, status: number, errorCode: number) =>
    assert.deepEqual([answer.status, answer.json.errorCode], [status, errorCode], answer.text);
  const nowS = () => Math.floor(Date.now() / 1000);
  /** A token by the key that the TPM has taken over. */
  async function tokenOf({ se = nowS() + 3600, sr = `${emulator.idScope}/registrations/${id}` } = {}) {
    const resource = encodeURIComponent(sr);
    const text = Buffer.from(`${resource}\n${se}`);
    const sig = await called<Buffer>(done => device.security.signWithIdentity(text, done));
    return `SharedAccessSignature sr=${resource}&sig=${encodeURIComponent(sig.toString('base64'))}&se=${se}&skn=registration`;
  }
  async function meetChallenge(): Promise<void> {
    const { authenticationKey } = (await challenge()).json;
    const blob = Buffer.from(authenticationKey, 'base64');
    await called(done => device.security.activateIdentityKey(blob, done));
  }

  it('goes from the challenge over 202 to assigned as the OpenAPI file says, and is looked up', async t => {
    const description = deviceOpenApiMissing === false ? new ApiDescription('device') : undefined;
    if (description === undefined) t.diagnostic(String(deviceOpenApiMissing));
    const first = await challenge();
    assert.equal(first.status, 401);
    assert.deepEqual(Object.keys(first.json), [
      'message',
      'authenticationKey',
      'unencryptedAuthenticationKey',
      'keyName',
    ]);
    await meetChallenge();
    // As some clients do, without the TPM's keys: they were named in the first round.
    const accepted = await call('PUT', `${id}/register`, { registrationId: id }, await tokenOf());
    assert.equal(accepted.status, 202, accepted.text);
    description?.check('PUT', `${template}/register`, accepted);
    const { operationId } = accepted.json;
    assert.equal(
      accepted.headers.location,
      `/${emulator.idScope}/registrations/${id}/operations/${operationId}`,
    );
    const poll = async () => call('GET', `${id}/operations/${operationId}`, undefined, await tokenOf());
    let status = await poll();
    assert.equal(status.status, 202);
    const deadline = performance.now() + 5000;
    while (status.status === 202) {
      assert.equal(status.headers['retry-after'], '1');
      description?.check('GET', `${template}/operations/{operationId}`, status);
      assert.ok(performance.now() < deadline);
      status = await poll();
    }
    description?.check('GET', `${template}/operations/{operationId}`, status);
    const { tpm, ...state } = status.json.registrationState;
    assert.equal(state.status, 'assigned');
    assert.equal(state.deviceId, id);
    const found = await call('POST', id, { registrationId: id }, await tokenOf());
    description?.check('POST', template, found);
    assert.deepEqual(found.json, state);
    assert.deepEqual(description?.unchecked() ?? [], []);
    await called(done =>
      device.security.activateIdentityKey(Buffer.from(tpm.authenticationKey, 'base64'), done),
    );
    refused(await call('POST', id, { registrationId: id }, await tokenOf()), 401, 401002);
  });

  it('refuses keys that are not enrolled or not usable, and who is not known', async () => {
    refused(await challenge(keys(), 'nobody'), 404, 404201);
    refused(await challenge({ ...keys(), endorsementKey: device.storageRootKey }), 400, 400004);
    refused(await challenge({ ...keys(), storageRootKey: 'AAAA' }), 400, 400004);
    refused(await challenge({ endorsementKey: device.endorsementKey }), 400, 400004);
    refused(await call('PUT', `${id}/register`, { registrationId: 'other', tpm: keys() }), 400, 400004);
    refused(await call('PUT', `${id}/register`, '{broken'), 400, 400000);
    assert.equal((await call('PUT', `${id}/register`, {}, undefined, '0ne00000000')).status, 404);
    assert.equal((await call('DELETE', `${id}/register`)).status, 405);
  });

  it('takes only a token of the key of the challenge, for this device, that has not run out', async () => {
    const register = (authorization: string) =>
      call('PUT', `${id}/register`, { registrationId: id }, authorization);
    await meetChallenge();
    const token = await tokenOf();
    assert.equal((await register(token)).status, 202);
    refused(await register(token.replace('registration', 'other')), 401, 401002);
    refused(await register(token.replace(/se=\d+/, `se=${nowS() + 7200}`)), 401, 401002);
    refused(await register(await tokenOf({ se: nowS() - 1 })), 401, 401002);
    refused(await register(await tokenOf({ sr: `${emulator.idScope}/registrations/other` })), 401, 401002);
    refused(await register('Bearer token'), 401, 401002);
    await control(emulator, 'POST', 'faults', { kind: 'wrong-clock', skewS: 7200, requests: 1 });
    refused(await register(token), 401, 401002);
    await challenge();
    refused(await register(token), 401, 401002);
    refused(await call('GET', `${id}/operations/1`), 401, 401002);
  });

  it('tells a device of a disabled enrollment that it is disabled', async () => {
    await enroll({ provisioningStatus: 'disabled' }, { 'If-Match': '*' });
    await meetChallenge();
    const accepted = await call('PUT', `${id}/register`, { registrationId: id }, await tokenOf());
    let status = accepted;
    while (status.status === 202) {
      status = await call('GET', `${id}/operations/${accepted.json.operationId}`, undefined, await tokenOf());
    }
    assert.equal(status.json.status, 'disabled');
    assert.equal(status.json.registrationState.tpm, undefined);
  });

  it('is not counted with the requests to the service API', async () => {
    const { requests } = await control(emulator, 'GET', 'state');
    await challenge();
    assert.equal((await control(emulator, 'GET', 'state')).requests, requests);
  });
});
