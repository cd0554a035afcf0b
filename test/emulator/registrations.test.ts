import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { enrollmentDocument, groupDocument } from './enrollment-documents.ts';
import { callService, control, emulatorForTest, send, temporaryDirectory } from './running-emulator.ts';

describe('registration records', () => {
  it('are kept over a restart with their creation time, and go with their enrollment or their group', async () => {
    const dir = temporaryDirectory();
    const stateFile = join(dir, 'enrollments.sqlite');
    await using first = await emulatorForTest({ dir, stateFile });
    await callService(first, 'PUT', '/enrollments/Dut-1', enrollmentDocument('Dut-1'));
    await callService(first, 'PUT', '/enrollmentGroups/plant', groupDocument('plant'));
    const assigned = { assignedHub: 'hub.example', enrollmentGroupId: 'plant' };
    const before = await control(first, 'PUT', 'registrations/dut-1', { status: 'assigning' });
    await control(first, 'PUT', 'registrations/member', assigned);
    await first.close();

    await using second = await emulatorForTest({ dir, stateFile });
    const after = await control(second, 'PUT', 'registrations/dut-1', { status: 'assigned' });
    assert.equal(after.createdDateTimeUtc, before.createdDateTimeUtc);
    assert.notEqual(after.etag, before.etag);
    const found = await callService(second, 'GET', '/registrations/DUT-1');
    assert.deepEqual(found.json, after);
    assert.equal((await callService(second, 'GET', '/registrations/member')).json.assignedHub, 'hub.example');
    await callService(second, 'DELETE', '/enrollments/dut-1');
    await callService(second, 'DELETE', '/enrollmentGroups/Plant');
    for (const id of ['dut-1', 'member']) {
      const gone = await callService(second, 'GET', `/registrations/${id}`);
      assert.equal(gone.json.errorCode, 404201, id);
    }
    assert.deepEqual(second.defects, []);
    rmSync(dir, { recursive: true });
  });

  it('come by pages of their group only', async () => {
    await using emulator = await emulatorForTest();
    const ids = Array.from({ length: 25 }, (_, index) => `member-${index}`);
    for (const name of ['plant', 'other']) {
      await callService(emulator, 'PUT', `/enrollmentGroups/${name}`, groupDocument(name));
    }
    for (const id of ids)
      await control(emulator, 'PUT', `registrations/${id}`, { enrollmentGroupId: 'plant' });
    await control(emulator, 'PUT', 'registrations/stranger', { enrollmentGroupId: 'other' });
    const pages: string[][] = [];
    let token: string | undefined;
    do {
      const headers = { 'x-ms-max-item-count': '10', ...(token && { 'x-ms-continuation': token }) };
      const page = await callService(emulator, 'POST', '/registrations/plant/query', undefined, headers);
      assert.equal(page.headers['x-ms-item-type'], 'DeviceRegistration');
      pages.push(page.json.map((record: { registrationId: string }) => record.registrationId));
      token = page.headers['x-ms-continuation'] as string | undefined;
    } while (token !== undefined);
    assert.deepEqual(
      pages.map(page => page.length),
      [10, 10, 5],
    );
    assert.deepEqual(pages.flat().sort(), ids.toSorted());
    const first = await callService(emulator, 'POST', '/registrations/plant/query', undefined, {
      'x-ms-max-item-count': '1',
    });
    const elsewhere = await callService(emulator, 'POST', '/registrations/other/query', undefined, {
      'x-ms-continuation': String(first.headers['x-ms-continuation']),
    });
    assert.equal(elsewhere.status, 400);
  });

  it('are made only for an enrollment or a group that is there, and only as they can be', async () => {
    await using emulator = await emulatorForTest();
    const put = (id: string, body: unknown) =>
      send(emulator, { method: 'PUT', path: `/$emulator/registrations/${id}`, body });
    assert.equal((await put('dut-1', {})).status, 404);
    assert.equal((await put('dut-1', { enrollmentGroupId: 'plant' })).status, 404);
    assert.equal((await put('-', {})).status, 400);
    assert.match((await put('dut-1', { status: 'happy' })).json.message, /status/);
  });
});
