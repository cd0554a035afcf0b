import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enrollmentDocument } from './enrollment-documents.ts';
import { callService, control, emulatorForTest, send } from './running-emulator.ts';

describe('state', () => {
  it('tells totals, the counts of one id, and the list by pages', async () => {
    await using emulator = await emulatorForTest();
    const ids = ['dut-1', 'dut-2', 'dut-3'];
    for (const id of ids) await callService(emulator, 'PUT', `/enrollments/${id}`, enrollmentDocument(id));
    await callService(emulator, 'PUT', '/enrollments/dut-1', enrollmentDocument('dut-1'));
    await callService(emulator, 'PUT', '/enrollments/dut-2', enrollmentDocument('dut-2'), {
      'If-Match': '*',
    });
    await callService(emulator, 'DELETE', '/enrollments/dut-3');
    await callService(emulator, 'PUT', '/enrollments/dut-3', enrollmentDocument('dut-3'));
    await callService(emulator, 'DELETE', '/enrollments/dut-1');
    const whole = await control(emulator, 'GET', 'state');
    assert.deepEqual(Object.keys(whole), ['enrollments', 'totals', 'requests', 'throttled']);
    assert.deepEqual(whole.totals, {
      registrationIds: 3,
      held: 2,
      created: 4,
      createdAgain: 1,
      overwritten: 1,
      repeatedCreates: 1,
      deleted: 2,
    });
    const sum = (name: string) =>
      whole.enrollments.reduce((total: number, counts: Record<string, number>) => total + counts[name]!, 0);
    for (const name of ['created', 'overwritten', 'repeatedCreates', 'deleted']) {
      assert.equal(sum(name), whole.totals[name], name);
    }
    assert.deepEqual((await control(emulator, 'GET', 'state?registrationId=DUT-3')).enrollments, [
      { registrationId: 'dut-3', created: 2, overwritten: 0, repeatedCreates: 0, deleted: 1 },
    ]);
    assert.deepEqual((await control(emulator, 'GET', 'state?registrationId=none')).enrollments, []);
    const first = await control(emulator, 'GET', 'state?limit=2');
    assert.equal(first.enrollments.length, 2);
    const rest = await control(emulator, 'GET', `state?limit=2&after=${first.next}`);
    assert.deepEqual([...first.enrollments, ...rest.enrollments], whole.enrollments);
    assert.equal(rest.next, undefined);
    assert.deepEqual((await control(emulator, 'GET', 'state?limit=0')).enrollments, []);
    const wrong = await send(emulator, { method: 'GET', path: '/$emulator/state?limit=all' });
    assert.equal(wrong.status, 400);
  });
});
