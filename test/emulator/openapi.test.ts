import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enrollmentDocument } from './enrollment-documents.ts';
import { openApiMissing, ServiceDescription } from './openapi.ts';
import { callService, emulatorForTest, type HttpAnswer, send } from './running-emulator.ts';

describe('serveServiceApi', { skip: openApiMissing }, () => {
  it('answers as Microsoft’s OpenAPI file says, in every operation on individual enrollments', async () => {
    await using emulator = await emulatorForTest();
    const description = new ServiceDescription();
    const statuses: number[] = [];
    const check = async (method: string, template: string, answer: Promise<HttpAnswer>) => {
      const made = await answer;
      description.check(method, template, made);
      statuses.push(made.status);
      return made;
    };
    const single = '/enrollments/{id}';
    const full = enrollmentDocument('dut-1', {
      deviceId: 'Device-1',
      optionalDeviceInformation: { serial: 'SN-1', count: 3, nested: { list: [1, 'a'] } },
      capabilities: { iotEdge: true },
      iotHubHostName: 'hub.example',
      initialTwin: { tags: { line: 'L1' }, properties: { desired: { rate: 5 } } },
      reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: false },
      allocationPolicy: 'static',
      iotHubs: ['hub.example'],
      customAllocationDefinition: { webhookUrl: 'https://a.example', apiVersion: '2018-09-01-preview' },
      provisioningStatus: 'disabled',
      notOfTheApi: 'dropped',
    });
    const put = (document: object, headers = {}) =>
      check('PUT', single, callService(emulator, 'PUT', '/enrollments/dut-1', document, headers));
    const created = await put(full);
    await put(full);
    await put(full, { 'If-Match': created.json.etag });
    await put(full, { 'If-Match': created.json.etag });
    await put({});
    await check('GET', single, callService(emulator, 'GET', '/enrollments/dut-1'));
    await check('GET', single, callService(emulator, 'GET', '/enrollments/none'));
    await check('GET', single, send(emulator, { method: 'GET', path: '/enrollments/dut-1' }));
    const mechanism = '/enrollments/{id}/attestationmechanism';
    await check('POST', mechanism, callService(emulator, 'POST', '/enrollments/dut-1/attestationmechanism'));
    const bulk = (mode: string, enrollments: unknown) =>
      check('POST', '/enrollments', callService(emulator, 'POST', '/enrollments', { mode, enrollments }));
    await bulk('create', [enrollmentDocument('dut-2'), enrollmentDocument('dut-3')]);
    await bulk('create', [enrollmentDocument('dut-2'), { registrationId: 'dut-4' }]);
    await bulk('nothing', []);
    const query = (headers = {}) =>
      check(
        'POST',
        '/enrollments/query',
        callService(emulator, 'POST', '/enrollments/query', { query: '*' }, headers),
      );
    assert.equal((await query()).json.length, 3);
    await query({ 'x-ms-max-item-count': '2' });
    await query({ 'x-ms-max-item-count': 'two' });
    for (const kind of ['throttled', 'server-error']) {
      await send(emulator, { method: 'POST', path: '/$emulator/faults', body: { kind, requests: 1 } });
      await check('GET', single, callService(emulator, 'GET', '/enrollments/dut-1'));
    }
    await check('DELETE', single, callService(emulator, 'DELETE', '/enrollments/dut-1'));
    await check('DELETE', single, callService(emulator, 'DELETE', '/enrollments/dut-1'));
    assert.deepEqual(description.unchecked(), []);
    assert.deepEqual(
      statuses,
      [200, 409, 200, 412, 400, 200, 404, 401, 200, 200, 200, 400, 200, 200, 400, 429, 500, 204, 404],
    );
  });
});
