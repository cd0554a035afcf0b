import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { enrollmentDocument, groupDocument } from './enrollment-documents.ts';
import { ApiDescription, openApiMissing } from './openapi.ts';
import {
  callService,
  control,
  emulatorForTest,
  type HttpAnswer,
  send,
  type TestEmulator,
} from './running-emulator.ts';

/** Calls the service and checks each answer against the description of that operation. */
class CheckedService {
  readonly description = new ApiDescription();
  readonly emulator: TestEmulator;

  constructor(emulator: TestEmulator) {
    this.emulator = emulator;
  }

  /** @param id what stands for `{id}` in the template */
  async call(
    status: number,
    method: string,
    template: string,
    { id = '', body, headers }: { id?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<HttpAnswer> {
    const path = template.replace('{id}', id);
    const made = await callService(this.emulator, method, path, body, headers);
    this.description.check(method, template, made);
    assert.equal(made.status, status, `${method} ${path}: ${made.text}`);
    return made;
  }
}

const twinAndHubs = {
  capabilities: { iotEdge: true },
  iotHubHostName: 'hub.example',
  initialTwin: { tags: { line: 'L1' }, properties: { desired: { rate: 5 } } },
  reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: false },
  allocationPolicy: 'static',
  iotHubs: ['hub.example'],
  customAllocationDefinition: { webhookUrl: 'https://a.example', apiVersion: '2018-09-01-preview' },
  provisioningStatus: 'disabled',
  notOfTheApi: 'dropped',
};
const fullEnrollment = enrollmentDocument('one', {
  deviceId: 'Device-1',
  optionalDeviceInformation: { serial: 'SN-1', count: 3, nested: { list: [1, 'a'] } },
  ...twinAndHubs,
});

describe('serveServiceApi', { skip: openApiMissing }, () => {
  it('answers every operation of Microsoft’s OpenAPI file as the file says', async () => {
    await using emulator = await emulatorForTest();
    const service = new CheckedService(emulator);
    const certificate = readFileSync(emulator.caFile, 'utf8');
    const kinds = [
      { root: '/enrollments', list: 'enrollments', id: 'one', full: fullEnrollment },
      {
        root: '/enrollmentGroups',
        list: 'enrollmentGroups',
        id: 'one',
        full: groupDocument('one', twinAndHubs),
      },
    ];
    for (const { root, list, id, full } of kinds) {
      const one = `${root}/{id}`;
      const created = await service.call(200, 'PUT', one, { id, body: full });
      await service.call(409, 'PUT', one, { id, body: full });
      const headers = { 'If-Match': created.json.etag };
      await service.call(200, 'PUT', one, { id, body: full, headers });
      await service.call(412, 'PUT', one, { id, body: full, headers });
      await service.call(400, 'PUT', one, { id, body: {} });
      await service.call(200, 'GET', one, { id });
      await service.call(404, 'GET', one, { id: 'none' });
      const mechanism = `${one}/attestationmechanism`;
      await service.call(200, 'POST', mechanism, { id });
      await service.call(404, 'POST', mechanism, { id: 'none' });
      const idMember = root === '/enrollments' ? 'registrationId' : 'enrollmentGroupId';
      const another = { ...full, [idMember]: 'two' };
      const bulk = (status: number, mode: string, items: unknown) =>
        service.call(status, 'POST', root, { body: { mode, [list]: items } });
      await bulk(200, 'create', [another, { ...full, [idMember]: 'three' }]);
      assert.equal((await bulk(200, 'create', [another, { [idMember]: 'four' }])).json.errors.length, 2);
      await bulk(200, 'update', [{ ...another, etag: '*' }]);
      await bulk(200, 'delete', [{ ...full, [idMember]: 'three' }]);
      await bulk(400, 'nothing', []);
      const query = (status: number, pageHeaders = {}) =>
        service.call(status, 'POST', `${root}/query`, { body: { query: '*' }, headers: pageHeaders });
      assert.equal((await query(200)).json.length, 2);
      await query(200, { 'x-ms-max-item-count': '1' });
      await query(400, { 'x-ms-max-item-count': 'two' });
    }
    const attestations: [string, object][] = [
      ['none', { type: 'none' }],
      ['keys', { type: 'symmetricKey' }],
      ['x509', { type: 'x509', x509: { clientCertificates: { primary: { certificate } } } }],
      ['ca', { type: 'x509', x509: { caReferences: { primary: 'plant-ca' } } }],
    ];
    for (const [id, attestation] of attestations) {
      await service.call(200, 'PUT', '/enrollments/{id}', { id, body: { registrationId: id, attestation } });
      await service.call(200, 'GET', '/enrollments/{id}', { id });
      await service.call(200, 'POST', '/enrollments/{id}/attestationmechanism', { id });
    }
    const registration = '/registrations/{id}';
    await service.call(404, 'GET', registration, { id: 'one' });
    const assigned = { assignedHub: 'hub.example', deviceId: 'Device-1', substatus: 'initialAssignment' };
    await control(emulator, 'PUT', 'registrations/one', assigned);
    const ofGroup = { ...assigned, enrollmentGroupId: 'one', payload: { site: 'Busan' } };
    await control(emulator, 'PUT', 'registrations/member-1', ofGroup);
    await control(emulator, 'PUT', 'registrations/member-2', {
      status: 'failed',
      errorCode: 400208,
      errorMessage: 'no hub',
      enrollmentGroupId: 'one',
    });
    const { etag } = (await service.call(200, 'GET', registration, { id: 'one' })).json;
    assert.equal(
      (await service.call(200, 'GET', '/enrollments/{id}', { id: 'one' })).json.registrationState.status,
      'assigned',
    );
    const states = `${registration}/query`;
    assert.equal((await service.call(200, 'POST', states, { id: 'one' })).json.length, 2);
    await service.call(404, 'POST', states, { id: 'none' });
    await service.call(412, 'DELETE', registration, { id: 'one', headers: { 'If-Match': '"other"' } });
    await service.call(204, 'DELETE', registration, { id: 'one', headers: { 'If-Match': etag } });
    for (const template of ['/enrollments/{id}', '/enrollmentGroups/{id}']) {
      await service.call(204, 'DELETE', template, { id: 'one' });
      await service.call(404, 'DELETE', template, { id: 'one' });
    }
    assert.deepEqual(service.description.unchecked(), []);
  });

  it('refuses in the shape of the OpenAPI file, also what a fault refuses', async () => {
    await using emulator = await emulatorForTest();
    const service = new CheckedService(emulator);
    const get = '/enrollments/{id}';
    service.description.check('GET', get, await send(emulator, { method: 'GET', path: '/enrollments/one' }));
    const faults: [string, number][] = [
      ['throttled', 429],
      ['unauthorized', 401],
      ['forbidden', 403],
      ['server-error', 500],
    ];
    for (const [kind, status] of faults) {
      await control(emulator, 'POST', 'faults', { kind, requests: 1 });
      await service.call(status, 'GET', get, { id: 'one' });
    }
  });
});
