import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { endorsementKey, endorsementKeyBytes, enrollmentDocument } from './enrollment-documents.ts';
import {
  callService,
  emulatorForTest,
  type HttpAnswer,
  send,
  type TestEmulator,
  tokenOf,
} from './running-emulator.ts';

let emulator: TestEmulator;
before(async () => {
  emulator = await emulatorForTest();
});
after(() => emulator[Symbol.asyncDispose]());

const put = (id: string, members: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  callService(emulator, 'PUT', `/enrollments/${id}`, enrollmentDocument(id, members), headers);
const get = (id: string) => callService(emulator, 'GET', `/enrollments/${id}`);
const remove = (id: string, headers: Record<string, string> = {}) =>
  callService(emulator, 'DELETE', `/enrollments/${id}`, undefined, headers);

function assertRefused(answer: HttpAnswer, status: number, errorCode: number, message?: RegExp): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.errorCode, errorCode);
  assert.equal(answer.headers['x-ms-error-code'], String(errorCode));
  assert.match(answer.json.trackingId, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  assert.equal(answer.headers['x-ms-request-id'], answer.json.trackingId);
  assert.ok(Number.isFinite(Date.parse(answer.json.timestampUtc)));
  if (message) assert.match(answer.json.message, message);
}

async function countsOf(id: string) {
  const state = await send(emulator, { method: 'GET', path: '/$emulator/state' });
  const { registrationId, ...counts } = state.json.enrollments.find(
    (entry: { registrationId: string }) => entry.registrationId === id,
  );
  return counts;
}

describe('putEnrollment', () => {
  it('creates with HTTP 200 and answers the stored record, nulls left out', async () => {
    const answer = await put('create-1', {
      deviceId: 'Device-1',
      capabilities: null,
      iotHubs: null,
      etag: null,
      optionalDeviceInformation: { serial: 'SN-1', nested: { harvest: null } },
      initialTwin: { tags: null, properties: { desired: { rate: 5 } } },
      allocationPolicy: 'static',
      unknownMember: 1,
    });
    assert.equal(answer.status, 200);
    const { etag, createdDateTimeUtc, lastUpdatedDateTimeUtc, ...rest } = answer.json;
    assert.deepEqual(rest, {
      ...enrollmentDocument('create-1'),
      deviceId: 'Device-1',
      optionalDeviceInformation: { serial: 'SN-1', nested: { harvest: null } },
      initialTwin: { properties: { desired: { rate: 5 } } },
      allocationPolicy: 'static',
      provisioningStatus: 'enabled',
    });
    assert.match(Buffer.from(etag, 'base64').toString(), /^"[0-9a-f-]+"$/);
    assert.equal(createdDateTimeUtc, lastUpdatedDateTimeUtc);
    assert.ok(Math.abs(Date.parse(createdDateTimeUtc) - Date.now()) < 60_000);
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(answer.headers['transfer-encoding'], 'chunked');
    assert.equal(answer.headers.etag, undefined);
    assert.ok(answer.headers['strict-transport-security'] !== undefined);
  });

  it('O3 refuses to create what is there: 409201, nothing changed, counted', async () => {
    const first = await put('twice');
    assertRefused(await put('twice', { deviceId: 'other' }), 409, 409201, /already exists/);
    assertRefused(await put('TWICE'), 409, 409201);
    assert.deepEqual((await get('twice')).json.etag, first.json.etag);
    assert.deepEqual(await countsOf('twice'), { created: 1, overwritten: 0, repeatedCreates: 2, deleted: 0 });
  });

  it('creates once when the same creates come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => put('at-once')));
    assert.deepEqual(answers.map(answer => answer.status).sort(), [200, ...Array(7).fill(409)]);
    assert.deepEqual(await countsOf('at-once'), {
      created: 1,
      overwritten: 0,
      repeatedCreates: 7,
      deleted: 0,
    });
  });

  it('updates with the etag it gave: etag and update time change, creation time stays, counted', async () => {
    const first = await put('update-1', { deviceId: 'one' });
    const second = await put('update-1', { deviceId: 'two' }, { 'If-Match': first.json.etag });
    assert.equal(second.status, 200);
    assert.equal(second.json.deviceId, 'two');
    assert.notEqual(second.json.etag, first.json.etag);
    assert.equal(second.json.createdDateTimeUtc, first.json.createdDateTimeUtc);
    assert.notEqual(second.json.lastUpdatedDateTimeUtc, first.json.lastUpdatedDateTimeUtc);
    assert.equal((await countsOf('update-1')).overwritten, 1);
  });

  it('updates with the plain quoted tag of older documents, and with *', async () => {
    const first = await put('update-2');
    const plain = Buffer.from(first.json.etag, 'base64').toString();
    assert.equal((await put('update-2', {}, { 'If-Match': plain })).status, 200);
    assert.equal((await put('update-2', {}, { 'If-Match': '*' })).status, 200);
    assert.equal((await countsOf('update-2')).overwritten, 2);
  });

  it('refuses an etag that no longer fits with 412, and one that is none with 400', async () => {
    const first = await put('update-3');
    await put('update-3', {}, { 'If-Match': '*' });
    assertRefused(await put('update-3', {}, { 'If-Match': first.json.etag }), 412, 412000);
    // As the C# SDK sent it: the base64 in quotes of its own.
    for (const malformed of [`"${first.json.etag}"`, 'nonsense', '""', 'W/"x"']) {
      assertRefused(await put('update-3', {}, { 'If-Match': malformed }), 400, 400004, /ETag is invalid/);
    }
    assert.equal((await countsOf('update-3')).overwritten, 1);
  });

  it('does not create under If-Match', async () => {
    assertRefused(await put('absent', {}, { 'If-Match': '*' }), 404, 404201);
    assert.equal((await get('absent')).status, 404);
  });

  it('accepts one endorsement key in many enrollments, as DPS does', async () => {
    const attestation = { type: 'tpm', tpm: { endorsementKey: endorsementKey('shared') } };
    assert.equal((await put('shared-1', { attestation })).status, 200);
    assert.equal((await put('shared-2', { attestation })).status, 200);
  });

  it('refuses what DPS refuses with 400004', async () => {
    const tpm = (key: unknown) => ({ attestation: { type: 'tpm', tpm: { endorsementKey: key } } });
    const good = endorsementKeyBytes('bad-1');
    const refused: [string, Record<string, unknown>, RegExp][] = [
      ['a bare TPMT_PUBLIC', tpm(good.subarray(2).toString('base64')), /Endorsement key is invalid/],
      ['no key', { attestation: { type: 'tpm' } }, /Endorsement key is invalid/],
      ['hubs without a policy', { iotHubs: ['a.example'] }, /allocationPolicy must be specified/],
      ['custom without a webhook', { allocationPolicy: 'custom' }, /customAllocationDefinition/],
      ['an unknown policy', { allocationPolicy: 'nearest' }, /allocationPolicy/],
      ['an unknown status', { provisioningStatus: 'on' }, /provisioningStatus/],
      [
        'half a reprovision policy',
        { reprovisionPolicy: { updateHubAssignment: true } },
        /reprovisionPolicy/,
      ],
      ['a bad device id', { deviceId: 'a b' }, /DeviceId/],
      ['a twin that is no object', { optionalDeviceInformation: ['x'] }, /optionalDeviceInformation/],
      ['no attestation', { attestation: undefined }, /attestation/],
      ['an unknown attestation', { attestation: { type: 'trust' } }, /attestation/],
      ['another id than the path', { registrationId: 'other' }, /registrationId/],
    ];
    for (const [what, members, message] of refused) {
      assertRefused(await put('bad-1', members), 400, 400004, message);
      assert.equal((await get('bad-1')).status, 404, what);
    }
  });

  it('takes the registration ids that DPS takes and no others', async () => {
    const rename = (id: string) =>
      callService(emulator, 'PUT', `/enrollments/${encodeURIComponent(id)}`, enrollmentDocument(id));
    for (const id of ['a', 'A.b_c:d-e', 'x'.repeat(128), 'ends-', '0']) {
      assert.equal((await rename(id)).status, 200, id);
    }
    for (const id of ['-a', 'a.', 'a b', 'x'.repeat(129), 'ä', 'a/b', "a'"]) {
      assertRefused(await rename(id), 400, 400004, /RegistrationId/);
    }
  });

  it('refuses a body that is no JSON, too deep, too large or of another media type', async () => {
    const send = (body: string, headers = {}) =>
      callService(emulator, 'PUT', '/enrollments/body', body, headers);
    assertRefused(await send('{"registrationId":'), 400, 400000);
    assertRefused(await send('['.repeat(100_000) + ']'.repeat(100_000)), 400, 400000);
    assertRefused(await send(' '.repeat(2 * 1024 * 1024)), 413, 413000);
    assertRefused(await send('{}', { 'Content-Type': 'text/plain' }), 415, 415000);
    assertRefused(await send('null'), 400, 400004);
  });

  it('keeps a twin member named __proto__ as data', async () => {
    const body = JSON.stringify(enrollmentDocument('proto')).replace(
      /}$/,
      ',"optionalDeviceInformation":{"__proto__":{"a":1}}}',
    );
    assert.equal((await callService(emulator, 'PUT', '/enrollments/proto', body)).status, 200);
    assert.match((await get('proto')).text, /"optionalDeviceInformation":\{"__proto__":\{"a":1\}\}/);
  });
});

describe('getEnrollment', () => {
  it('adds the registration state of a device that never registered; PUT does not', async () => {
    const created = await put('get-1');
    assert.equal(created.json.registrationState, undefined);
    assert.deepEqual((await get('get-1')).json, {
      ...created.json,
      registrationState: { registrationId: 'get-1', status: 'unassigned' },
    });
    assert.equal((await get('GET-1')).status, 200);
  });

  it('answers 404201 for an unknown id', async () => {
    assertRefused(await get('unknown'), 404, 404201);
  });
});

describe('deleteEnrollment', () => {
  it('answers 204 without a body, with and without If-Match', async () => {
    const first = await put('delete-1');
    const answer = await remove('delete-1', { 'If-Match': first.json.etag });
    assert.equal(answer.status, 204);
    assert.equal(answer.text, '');
    assert.equal((await get('delete-1')).status, 404);
    await put('delete-1');
    assert.equal((await remove('delete-1')).status, 204);
    assert.deepEqual(await countsOf('delete-1'), {
      created: 2,
      overwritten: 0,
      repeatedCreates: 0,
      deleted: 2,
    });
  });

  it('refuses a wrong etag with 412, and an unknown id with 404201', async () => {
    const first = await put('delete-2');
    await put('delete-2', {}, { 'If-Match': '*' });
    assertRefused(await remove('delete-2', { 'If-Match': first.json.etag }), 412, 412000);
    assertRefused(await remove('delete-2', { 'If-Match': 'nonsense' }), 400, 400004);
    assert.equal((await get('delete-2')).status, 200);
    assertRefused(await remove('never-there'), 404, 404201);
  });
});

describe('getAttestationMechanism', () => {
  it('answers type and key to a POST without a body', async () => {
    await put('mechanism');
    const answer = await callService(emulator, 'POST', '/enrollments/mechanism/attestationmechanism');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, { type: 'tpm', tpm: { endorsementKey: endorsementKey('mechanism') } });
    assertRefused(
      await callService(emulator, 'POST', '/enrollments/unknown/attestationmechanism'),
      404,
      404201,
    );
  });
});

describe('serveServiceApi', () => {
  const authorized = (method: string, path: string) =>
    send(emulator, { method, path, headers: { Authorization: tokenOf(emulator.connectionString) } });

  it('takes the api-versions that Microsoft’s SDKs send and refuses others', async () => {
    for (const version of ['2021-10-01', '2021-06-01', '2019-03-31']) {
      assertRefused(await authorized('GET', `/enrollments/none?api-version=${version}`), 404, 404201);
    }
    assertRefused(await authorized('GET', '/enrollments/none?api-version=2099-01-01'), 400, 400000);
    assertRefused(await authorized('GET', '/enrollments/none'), 400, 400000);
  });

  it('answers 405 for another method and 404 for another path', async () => {
    assertRefused(await authorized('PATCH', '/enrollments/none?api-version=2021-10-01'), 405, 405000);
    assertRefused(await authorized('GET', '/enrollments?api-version=2021-10-01'), 405, 405000);
    assertRefused(await authorized('GET', '/elsewhere?api-version=2021-10-01'), 404, 404000);
    assertRefused(await authorized('GET', '/enrollments/%E0%A4%A?api-version=2021-10-01'), 400, 400000);
    assertRefused(await authorized('OPTIONS', '*'), 400, 400000);
  });

  it('has met no defect of its own', () => {
    assert.deepEqual(emulator.defects, []);
  });
});
