import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { harvestDevice } from '../../../src/station/attempt/harvest-device.ts';
import { SDK_EMPTY_UNIQUE_TEMPLATE } from '../../../src/tpm/ek-templates.ts';
import { persistEndorsementKey } from '../../harvest/tpm2-tools.ts';
import { DutShelf } from '../../harvest/virtual-dut.ts';
import { missing } from '../../parts.ts';
import { coreForTest, entriesOf } from '../station-fixture.ts';

describe('harvestDevice', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const shelf = new DutShelf();
  after(() => shelf.clear());

  it('H6 tells another key of the same TPM from another TPM, and refuses both', async () => {
    using core = coreForTest();
    const dut = await shelf.take('blank');
    const harvest = (bridge: string) => harvestDevice(core, { bridge, serial: 'SN-1', account: 'os:test' });
    assert.equal((await harvest(dut.bridge)).code, 'passed');
    await persistEndorsementKey(dut.bridge, SDK_EMPTY_UNIQUE_TEMPLATE, '0x81010001');
    const same = await harvest(dut.bridge);
    assert.deepEqual([same.verdict, same.code], ['refused', 'same-tpm-other-key']);
    assert.match(same.detail ?? '', /L-1/);
    const other = await harvest((await shelf.take('certified')).bridge);
    assert.deepEqual([other.verdict, other.code, other.possession], ['refused', 'other-tpm', 'proved']);
    assert.equal(core.ledger.counts.devices(), 1);
  });

  it('H7 records whether possession was proved, and only what the product turns off is not tested', async () => {
    using core = coreForTest({
      configuration: { products: [{ name: 'lenient', possession: 'off' }, { name: 'strict' }] },
    });
    const { bridge } = await shelf.take('certified');
    const off = await harvestDevice(core, { bridge, serial: 'SN-1', account: 'os:test' });
    assert.deepEqual([off.code, off.possession], ['passed', 'not-tested']);
    const refused = await harvestDevice(core, {
      bridge,
      serial: 'SN-2',
      product: 'strict',
      account: 'os:test',
    });
    assert.deepEqual([refused.code, refused.possession], ['other-product', 'proved']);
    const recorded = entriesOf(core).filter(({ type }) => type === 'harvest');
    assert.deepEqual(
      recorded.map(({ data }) => data.possession),
      ['not-tested', 'proved'],
    );
  });

  it('H9 enrols the key that the product names', async () => {
    using core = coreForTest({
      configuration: { products: [{ name: 'sdk', deviceKey: 'sdk-empty-unique' }] },
    });
    const { bridge } = await shelf.take('unpersisted');
    const result = await harvestDevice(core, { bridge, serial: 'SN-1', account: 'os:test' });
    assert.deepEqual([result.code, result.ekTemplate], ['passed', 'sdk-empty-unique']);
    assert.ok(result.warnings.includes('certificate-for-other-ek'));
  });
});
