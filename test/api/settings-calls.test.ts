/** The settings over the API: every call reaches the desk as it was sent, and what is out of bounds reaches nobody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../src/api/contract.ts';
import { settingsBounds } from '../../src/api/settings-inputs.ts';
import { scriptedStation, unexpected } from './scripted-station.ts';
import { transports } from './transports.ts';

const revision = 'a'.repeat(64);
const settings = { station: { name: 'S1' } };
const content = Buffer.alloc(settingsBounds.trustFile).toString('base64');

for (const [name, open] of Object.entries(transports)) {
  test(`${name}: S1 settings come to the desk as they were sent, and refusals back with their code`, async () => {
    const station = scriptedStation();
    const { api, end } = await open({ station, onFault: unexpected });
    const answers = await Promise.all([
      api.readSettings(),
      api.checkSettings({ settings, revision }),
      api.saveSettings({ settings, revision: null }),
      api.testFixture({ settings, fixture: '1' }),
      api.testDps(),
      api.previewProduct({ settings, product: 'GX', serial: 'SN-1' }),
      api.setDpsKey({ secret: 'secret', offline: false, otherInstance: false }),
      api.forgetDpsKey(),
      api.readTrust(),
      api.addTrusted({ name: 'maker.pem', content }),
      api.removeTrusted({ file: 'maker.pem' }),
    ]);
    assert.ok(answers.every(answer => !answer.ok && answer.code === 'role-missing'));
    const inputs = station.calls.map(({ method, input }) => [method, input]);
    assert.equal(inputs.length, answers.length);
    assert.deepEqual(inputs[1], ['settings.check', { settings, revision }]);
    assert.deepEqual(inputs[2], ['settings.save', { settings, revision: null }]);
    await end();
  });

  test(`${name}: S1 what is out of bounds never reaches the desk`, async () => {
    const station = scriptedStation();
    const { api, end } = await open({ station, onFault: unexpected });
    const secret = 's'.repeat(settingsBounds.secret + 1);
    for (const send of [
      () => api.saveSettings({ settings: [] as never, revision }),
      () => api.saveSettings({ settings, revision: 'not a hash' }),
      () => api.saveSettings({ settings, revision, who: 'mina' } as never),
      () => api.testFixture({ settings, fixture: '' }),
      () => api.previewProduct({ settings, product: 'GX', serial: 'S'.repeat(2_000) }),
      () => api.setDpsKey({ secret, offline: false, otherInstance: false }),
      () => api.addTrusted({ name: '', content: '' }),
      () => api.addTrusted({ name: 'a.pem', content: 'not base64!' }),
      () => api.addTrusted({ name: 'a.pem', content: `${content}AAAA` }),
    ])
      await assert.rejects(send, error => error instanceof ApiError && error.code === 'invalid-input');
    assert.deepEqual(station.calls, []);
    await end();
  });
}
