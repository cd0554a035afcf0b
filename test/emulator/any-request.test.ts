/** Whatever is sent, the emulator answers with a 4xx in the error shape, or with a success, and stays alive. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isRegistrationId } from '../../src/emulator/enrollment-shape.ts';
import { ArmedFaults } from '../../src/emulator/faults/armed-faults.ts';
import fc from '../property.ts';
import { enrollmentDocument } from './enrollment-documents.ts';
import { callService, emulatorForTest, type HttpAnswer, type TestEmulator } from './running-emulator.ts';

describe('requestListener', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await emulatorForTest();
  });
  after(() => emulator[Symbol.asyncDispose]());

  function assertErrorShape(answer: HttpAnswer): void {
    assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} ${answer.text}`);
    assert.equal(Math.floor(answer.json.errorCode / 1000), answer.status);
    assert.deepEqual(Object.keys(answer.json), ['errorCode', 'trackingId', 'message', 'timestampUtc']);
    assert.equal(answer.headers.server, 'keyline-dps-emulator');
    assert.deepEqual(emulator.defects, []);
  }

  const targets = [
    ['PUT', '/enrollments/any'],
    ['POST', '/enrollments'],
    ['POST', '/enrollments/query'],
    ['PUT', '/enrollmentGroups/any'],
    ['POST', '/enrollmentGroups'],
    ['POST', '/enrollmentGroups/query'],
    ['PUT', '/0ne00000000/registrations/any/register'],
    ['PUT', '/$emulator/policies/any'],
    ['POST', '/$emulator/throttle'],
    ['POST', '/$emulator/bearer-tokens'],
    ['POST', '/$emulator/faults'],
  ] as const;

  it('refuses any JSON and any bytes that are no valid body', async () => {
    const noObject = fc.oneof(
      fc.json(),
      fc.uint8Array({ maxLength: 400 }).map(bytes => Buffer.from(bytes)),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...targets), noObject, async ([method, path], body) => {
        assertErrorShape(await callService(emulator, method, path, body));
      }),
      { numRuns: 150 },
    );
  });

  it('refuses an enrollment with any member put to a wrong value, or takes a right one', async () => {
    const members = Object.keys({
      ...enrollmentDocument('any'),
      ...{ deviceId: 0, optionalDeviceInformation: 0, capabilities: 0, iotHubHostName: 0, initialTwin: 0 },
      ...{ etag: 0, provisioningStatus: 0, reprovisionPolicy: 0, allocationPolicy: 0, iotHubs: 0 },
      ...{ customAllocationDefinition: 0, registrationState: 0, createdDateTimeUtc: 0 },
    });
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.dictionary(fc.constantFrom(...members), fc.jsonValue(), { minKeys: 1, maxKeys: 3 }),
        async (inBulk, wrong) => {
          const document = { ...enrollmentDocument('any'), ...wrong };
          const answer = inBulk
            ? await callService(emulator, 'POST', '/enrollments', { mode: 'create', enrollments: [document] })
            : await callService(emulator, 'PUT', '/enrollments/any', document);
          if (answer.status !== 200) assertErrorShape(answer);
          else if (inBulk) assert.equal(answer.json.isSuccessful, answer.json.errors.length === 0);
          else assert.equal(answer.json.registrationId, 'any');
          await callService(emulator, 'DELETE', '/enrollments/any');
        },
      ),
      { numRuns: 100 },
    );
  });

  it('bears any header and any path', async () => {
    const text = fc.string({ unit: 'binary-ascii' }).map(value => value.replace(/[^\x20-\x7e]/g, ''));
    await fc.assert(
      fc.asyncProperty(text, text, async (header, id) => {
        const headers = { 'If-Match': header, 'x-ms-continuation': header, 'x-ms-max-item-count': header };
        const path = `/enrollments/${encodeURIComponent(id)}`;
        const answers = [
          await callService(emulator, 'GET', path, undefined, { Authorization: header }),
          await callService(emulator, 'PUT', path, enrollmentDocument(id), { 'If-Match': header || 'x' }),
          await callService(emulator, 'GET', path, undefined, headers),
        ];
        for (const answer of answers) assertErrorShape(answer);
        const page = await callService(emulator, 'POST', '/enrollments/query', { query: '*' }, headers);
        if (page.status !== 200) assertErrorShape(page);
      }),
      { numRuns: 40 },
    );
  });
});

describe('isRegistrationId', () => {
  it('accepts only what fits DPS’s written rule', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aZ09-._: /é'), maxLength: 140 }), text => {
        const fits =
          text.length >= 1 &&
          text.length <= 128 &&
          [...text].every(character => /[A-Za-z0-9._:-]/.test(character)) &&
          /[A-Za-z0-9]/.test(text.charAt(0)) &&
          /[A-Za-z0-9-]/.test(text.charAt(text.length - 1));
        assert.equal(isRegistrationId(text), fits, text);
      }),
    );
  });
});

describe('ArmedFaults.arm', () => {
  it('says what is wrong with anything that is no fault', () => {
    fc.assert(
      fc.property(fc.anything(), value => {
        assert.equal(typeof new ArmedFaults().arm(value), 'string');
      }),
    );
  });
});
