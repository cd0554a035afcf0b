import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { endorsementKey, enrollmentDocument } from './enrollment-documents.ts';
import { callService, emulatorForTest, type TestEmulator } from './running-emulator.ts';

const attestation = { type: 'tpm', tpm: { endorsementKey: endorsementKey('one for all') } };
const ids = Array.from({ length: 250 }, (_, index) => `dut-${String(index).padStart(3, '0')}`);

describe('queryEnrollments', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await emulatorForTest();
    for (let at = 0; at < ids.length; at += 10) {
      const enrollments = ids.slice(at, at + 10).map(id => enrollmentDocument(id, { attestation }));
      const answer = await callService(emulator, 'POST', '/enrollments', { mode: 'create', enrollments });
      assert.equal(answer.json.isSuccessful, true);
    }
  });
  after(async () => {
    assert.deepEqual(emulator.defects, []);
    await emulator[Symbol.asyncDispose]();
  });

  const query = (headers: Record<string, string> = {}, text = 'SELECT *') =>
    callService(emulator, 'POST', '/enrollments/query', { query: text }, headers);

  async function allPages(headers: Record<string, string>) {
    const pages: string[][] = [];
    let token: string | undefined;
    do {
      const answer = await query({
        ...headers,
        ...(token === undefined ? {} : { 'x-ms-continuation': token }),
      });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['x-ms-item-type'], 'Enrollment');
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      pages.push(answer.json.map((record: { registrationId: string }) => record.registrationId));
      token = answer.headers['x-ms-continuation'] as string | undefined;
    } while (token !== undefined);
    return pages;
  }

  it('gives 250 records in pages of 100 by default, each once, none on the way lost', async () => {
    const pages = await allPages({});
    assert.deepEqual(
      pages.map(page => page.length),
      [100, 100, 50],
    );
    assert.deepEqual(pages.flat().sort(), ids);
  });

  it('gives pages of the size asked for; the last, also a full one, has no token', async () => {
    const pages = await allPages({ 'x-ms-max-item-count': '50' });
    assert.deepEqual(
      pages.map(page => page.length),
      [50, 50, 50, 50, 50],
    );
    assert.deepEqual(await allPages({ 'x-ms-max-item-count': '250' }).then(all => all.length), 1);
  });

  it('keeps one order, which is neither by id nor by time', async () => {
    const order = (await allPages({ 'x-ms-max-item-count': '7' })).flat();
    assert.deepEqual((await allPages({})).flat(), order);
    assert.notDeepEqual(order, ids);
  });

  it('goes on where it was when records before that place came or went', async () => {
    const first = await query({ 'x-ms-max-item-count': '100' });
    const shown = first.json.map((record: { registrationId: string }) => record.registrationId);
    await callService(emulator, 'DELETE', `/enrollments/${shown[99]}`);
    const token = first.headers['x-ms-continuation'] as string;
    const rest = await query({ 'x-ms-max-item-count': '200', 'x-ms-continuation': token });
    const both = [...shown, ...rest.json.map((record: { registrationId: string }) => record.registrationId)];
    assert.deepEqual(both.sort(), ids);
    await callService(
      emulator,
      'PUT',
      `/enrollments/${shown[99]}`,
      enrollmentDocument(shown[99], { attestation }),
    );
  });

  it('takes the spellings that were seen and refuses what it does not know', async () => {
    for (const text of ['SELECT *', 'select *', '*', ' SELECT  * FROM enrollments ']) {
      assert.equal((await query({ 'x-ms-max-item-count': '1' }, text)).json.length, 1, text);
    }
    for (const text of ['', 'SELECT registrationId', "SELECT * WHERE registrationId = 'a'", 'DROP *']) {
      assert.equal((await query({}, text)).status, 400, text);
    }
  });

  it('refuses a page size that is none and a token that it did not give', async () => {
    for (const size of ['0', '-1', 'ten', '1e3']) {
      assert.equal((await query({ 'x-ms-max-item-count': size })).status, 400, size);
    }
    const forged = Buffer.from('[{"query":"everything","place":"x","pages":"forward"}]').toString('base64');
    for (const token of ['nonsense', forged, Buffer.from('null').toString('base64')]) {
      assert.equal((await query({ 'x-ms-continuation': token })).status, 400, token);
    }
  });

  it('answers an empty array where nothing is enrolled', async () => {
    await using empty = await emulatorForTest();
    const answer = await callService(empty, 'POST', '/enrollments/query', { query: '*' });
    assert.deepEqual(answer.json, []);
    assert.equal(answer.headers['x-ms-continuation'], undefined);
  });
});
