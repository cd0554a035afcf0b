import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { enrollmentDocument } from './enrollment-documents.ts';
import {
  callService,
  emulatorForTest,
  type HttpAnswer,
  send,
  type TestEmulator,
} from './running-emulator.ts';

describe('runBulkOperation', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await emulatorForTest();
  });
  after(async () => {
    assert.deepEqual(emulator.defects, []);
    await emulator[Symbol.asyncDispose]();
  });

  const bulk = (mode: string, enrollments: unknown, path = '/enrollments') =>
    callService(emulator, 'POST', path, { mode, enrollments });
  const get = async (id: string) => (await callService(emulator, 'GET', `/enrollments/${id}`)).json;
  /** Each failed item's id and error code, in the order of the answer. */
  const failures = (answer: HttpAnswer): [string, number][] =>
    answer.json.errors.map((error: { registrationId: string; errorCode: number }) => [
      error.registrationId,
      error.errorCode,
    ]);
  const documents = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => enrollmentDocument(`${prefix}-${index}`));

  it('creates up to 10 in one request, with and without the slash at the end', async () => {
    for (const [prefix, path] of [
      ['plain', '/enrollments'],
      ['slash', '/enrollments/'],
    ] as const) {
      const answer = await bulk('create', documents(prefix, 10), path);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, { errors: [], isSuccessful: true });
      assert.equal((await get(`${prefix}-9`)).registrationId, `${prefix}-9`);
    }
  });

  it('O3 never overwrites on create: one 409201 per item that is there, HTTP 200, the others stored', async () => {
    await bulk('create', documents('mixed', 2));
    const before = await get('mixed-1');
    const answer = await bulk('create', documents('mixed', 4));
    assert.equal(answer.status, 200);
    const exists = (registrationId: string) => ({
      registrationId,
      errorCode: 409201,
      errorStatus: 'Enrollment already exists.',
    });
    assert.deepEqual(answer.json, {
      errors: [exists('mixed-0'), exists('mixed-1')],
      isSuccessful: false,
    });
    assert.equal((await get('mixed-3')).registrationId, 'mixed-3');
    assert.equal((await get('mixed-1')).etag, before.etag);
    const state = await send(emulator, { method: 'GET', path: '/$emulator/state' });
    const counts = state.json.enrollments.filter((entry: { registrationId: string }) =>
      /^mixed-[13]$/.test(entry.registrationId),
    );
    assert.deepEqual(counts, [
      { registrationId: 'mixed-1', created: 1, overwritten: 0, repeatedCreates: 1, deleted: 0 },
      { registrationId: 'mixed-3', created: 1, overwritten: 0, repeatedCreates: 0, deleted: 0 },
    ]);
  });

  it('reports an invalid item and stores the valid ones', async () => {
    const answer = await bulk('create', [
      enrollmentDocument('valid'),
      { ...enrollmentDocument('invalid'), attestation: { type: 'tpm', tpm: { endorsementKey: 'AAAA' } } },
      enrollmentDocument('-bad'),
      { registrationId: 'nothing-else' },
    ]);
    assert.equal(answer.status, 200);
    assert.equal(answer.json.isSuccessful, false);
    assert.deepEqual(failures(answer), [
      ['invalid', 400004],
      ['-bad', 400004],
      ['nothing-else', 400004],
    ]);
    assert.equal((await get('valid')).registrationId, 'valid');
  });

  it('updates an item whose etag fits, refuses one without etag as the service does, and one that is stale', async () => {
    await bulk('create', documents('up', 4));
    const stale = (await get('up-2')).etag;
    await bulk('update', [enrollmentDocument('up-2', { etag: '*' })]);
    const answer = await bulk('update', [
      enrollmentDocument('up-0', { etag: (await get('up-0')).etag, deviceId: 'new' }),
      enrollmentDocument('up-1'),
      enrollmentDocument('up-2', { etag: stale }),
      enrollmentDocument('up-3', { etag: 'nonsense' }),
      enrollmentDocument('up-absent', { etag: '*' }),
    ]);
    assert.deepEqual(failures(answer), [
      ['up-1', 409201],
      ['up-2', 412000],
      ['up-3', 400004],
      ['up-absent', 404201],
    ]);
    assert.equal((await get('up-0')).deviceId, 'new');
    assert.equal((await get('up-0')).registrationState.status, 'unassigned');
  });

  for (const mode of ['updateIfMatchETag', 'updateIfMatchEtag']) {
    it(`takes ${mode}, which needs an etag`, async () => {
      const id = mode.toLowerCase();
      const two = `${id}-2`;
      await bulk('create', [enrollmentDocument(id), enrollmentDocument(two)]);
      const answer = await bulk(mode, [
        enrollmentDocument(id, { etag: (await get(id)).etag, deviceId: mode }),
        enrollmentDocument(two),
      ]);
      assert.equal(answer.json.errors.length, 1);
      assert.equal(answer.json.errors[0].errorCode, 400004);
      assert.equal((await get(id)).deviceId, mode);
    });
  }

  it('deletes without etags, and by etag where one is given', async () => {
    await bulk('create', documents('del', 3));
    const stale = (await get('del-2')).etag;
    await bulk('update', [enrollmentDocument('del-2', { etag: '*' })]);
    const answer = await bulk('delete', [
      { registrationId: 'del-0' },
      enrollmentDocument('del-1'),
      enrollmentDocument('del-2', { etag: stale }),
      { registrationId: 'del-absent' },
    ]);
    assert.deepEqual(failures(answer), [
      ['del-2', 412000],
      ['del-absent', 404201],
    ]);
    assert.equal((await get('del-0')).errorCode, 404201);
    assert.equal((await get('del-2')).registrationId, 'del-2');
  });

  it('fails the whole request for an id named twice, more than 10, none, an unknown mode or no id', async () => {
    const whole: [string, unknown][] = [
      ['create', [enrollmentDocument('double'), enrollmentDocument('other'), enrollmentDocument('DOUBLE')]],
      ['create', documents('many', 11)],
      ['create', []],
      ['upsert', documents('mode', 1)],
      ['create', [enrollmentDocument('noid'), { attestation: {} }]],
      ['create', 'text'],
    ];
    for (const [mode, enrollments] of whole) {
      const answer = await bulk(mode, enrollments);
      assert.equal(answer.status, 400, answer.text);
      assert.equal(answer.json.errorCode, 400000);
    }
    for (const id of ['double', 'other', 'many-0', 'mode-0', 'noid']) {
      assert.equal((await get(id)).errorCode, 404201, id);
    }
  });
});
