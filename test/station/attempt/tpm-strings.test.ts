/** What a TPM's own name is worth: known simulators only in a rehearsal, reference firmware with a warning. */
import assert from 'node:assert/strict';
import { after, afterEach, describe, it, type TestContext } from 'node:test';
import { harvestDevice } from '../../../src/station/attempt/harvest-device.ts';
import { startDisguise, type TpmStrings } from '../../harvest/disguised-tpm.ts';
import { DutShelf } from '../../harvest/virtual-dut.ts';
import { missing } from '../../parts.ts';
import { type Carrier, cleanUp, frontOf } from '../../tcti/bridges.ts';
import { coreForTest } from '../station-fixture.ts';

const reference = { manufacturer: 'MSFT', vendor: 'xCG fTPM' };

describe('a TPM’s own strings', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools', 'socat') }, () => {
  const shelf = new DutShelf();
  afterEach(() => shelf.powerOff());
  after(() => shelf.clear());

  async function bridgeTo(strings: TpmStrings, carrier: Carrier, context: TestContext): Promise<string> {
    const later = cleanUp(context);
    const { port } = await shelf.take('blank-persisted');
    return frontOf(carrier, await startDisguise(port, strings, later), later);
  }

  async function harvest(bridge: string, kind: 'production' | 'rehearsal', product: object = {}) {
    using core = coreForTest({
      env: { KEYLINE_REHEARSAL: kind === 'rehearsal' ? '1' : '0' },
      configuration: { products: [{ name: 'board', ...product }] },
    });
    return await harvestDevice(core, { bridge, serial: 'SN-1', account: 'os:test' });
  }

  it('S5 H8 reference firmware on a board passes in production, with a warning that the product can accept', async context => {
    const bridge = await bridgeTo(reference, 'cmd', context);
    const warned = await harvest(bridge, 'production');
    assert.deepEqual([warned.code, warned.tpm?.vendor], ['passed', 'xCG fTPM'], JSON.stringify(warned));
    assert.deepEqual(warned.warnings, ['reference-firmware-tpm', 'certificate-absent']);
    const accepted = await harvest(bridge, 'production', { referenceFirmware: 'accept' });
    assert.deepEqual([accepted.code, accepted.warnings], ['passed', ['certificate-absent']]);
  });

  for (const carrier of ['swtpm', 'mssim'] as const)
    it(`S5 the same strings behind ${carrier} are a simulator, whatever the product accepts`, async context => {
      const bridge = await bridgeTo(reference, carrier, context);
      const production = await harvest(bridge, 'production', { referenceFirmware: 'accept' });
      assert.deepEqual([production.verdict, production.code], ['refused', 'simulator-refused']);
      const rehearsal = await harvest(bridge, 'rehearsal', { referenceFirmware: 'accept' });
      assert.deepEqual(rehearsal.warnings, ['simulator', 'certificate-absent']);
    });

  it('S5 H8 a TPM with the maker’s id of virtual ones passes with a warning of its own', async context => {
    const bridge = await bridgeTo({ manufacturer: 'IBM\0', vendor: 'vTPM' }, 'cmd', context);
    const result = await harvest(bridge, 'production');
    assert.deepEqual([result.code, result.warnings], ['passed', ['virtual-tpm', 'certificate-absent']]);
  });
});
