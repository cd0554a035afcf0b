import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { EndorsementAuthorization } from '../../src/harvest/endorsement-authorization.ts';
import { LoadedObjects } from '../../src/harvest/loaded-objects.ts';
import { provePossession } from '../../src/harvest/prove-possession.ts';
import type { runHarvest } from '../../src/harvest/run-harvest.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import type { Tcti } from '../../src/tcti/tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import type { TpmChannel } from '../../src/tpm/command.ts';
import { EK_TEMPLATES } from '../../src/tpm/ek-templates.ts';
import { TpmError } from '../../src/tpm/errors.ts';
import { createPrimary } from '../../src/tpm/object-commands.ts';
import { TPM_RH } from '../../src/tpm/permanent-handles.ts';
import { marshalStorageKey, parsePublic } from '../../src/tpm/structures.ts';
import { missing } from '../parts.ts';
import { harvestAt, memoryNotes } from './harvest-at.ts';
import { stateOf } from './tpm2-tools.ts';
import { DutShelf, type VirtualDut } from './virtual-dut.ts';

const ACTIVATE_CREDENTIAL = 0x147;
const READ_PUBLIC = 0x173;
const NV_COMMANDS = [0x169, 0x14e];

describe('the proof of possession', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const shelf = new DutShelf();
  const opened: Tcti[] = [];
  afterEach(async () => {
    for (const tcti of opened.splice(0)) await tcti.close();
    await shelf.powerOff();
  });
  after(() => shelf.clear());

  async function bridgeTo(dut: VirtualDut): Promise<Tcti> {
    const tcti = await openTcti(parseTctiConf(dut.bridge), { connectDeadlineMs: 5_000 });
    opened.push(tcti);
    return tcti;
  }

  for (const { name, key } of EK_TEMPLATES) {
    test(`H7 holds for a key of template ${name}, low range and high, RSA and ECC`, async context => {
      const dut = await shelf.take('blank');
      const before = await stateOf(dut.bridge);
      const tcti = await bridgeTo(dut);
      const channel = channelTo(tcti);
      const loaded = new LoadedObjects(channel, memoryNotes(), dut.bridge, 'harvest-1');
      const ek = await createPrimary(channel, TPM_RH.ENDORSEMENT, marshalStorageKey(key), loaded.add).catch(
        (error: unknown) => {
          if (error instanceof TpmError && error.responseCode?.about?.part === 'parameter') return undefined;
          throw error;
        },
      );
      if (ek === undefined) return context.skip(`this swtpm makes no key of template ${name}`);
      const area = parsePublic(ek.tpm2bPublic);
      assert.ok(area.type !== 'other');
      const endorsement = new EndorsementAuthorization(channel, loaded, undefined);
      const holding = { handle: ek.handle, area };
      const proof = await provePossession(channel, holding, loaded, endorsement, () => {});
      assert.deepEqual(proof, { proved: true });
      await loaded.flushAll();
      await tcti.close();
      assert.equal(await stateOf((await dut.powerCycle()).bridge), before);
    });
  }

  test('H7 fails where somebody puts another TPM’s key in place of the DUT’s, with its certificate', async () => {
    const dut = await shelf.take('blank-persisted');
    const other = await shelf.take('certified');
    const before = await stateOf(dut.bridge);
    const stolen = await bridgeTo(other);
    const finding = await harvestAt(dut.bridge, {
      open: async (conf, options) =>
        answering(await openTcti(conf, options), [READ_PUBLIC, ...NV_COMMANDS], command =>
          stolen.transmit(command, { deadlineMs: 5_000 }),
        ),
    });
    assert.ok(finding.outcome === 'refused', JSON.stringify(finding));
    assert.deepEqual([finding.code, finding.possession], ['possession-failed', 'failed']);
    assert.equal(finding.certificate?.status, 'unchecked', 'nothing else gives the substitution away');
    assert.equal(await stateOf((await dut.powerCycle()).bridge), before);
  });

  test('H7 fails where a key is shown and none is there', async () => {
    const dut = await shelf.take('blank');
    const other = await shelf.take('certified');
    const before = await stateOf(dut.bridge);
    const stolen = await bridgeTo(other);
    const finding = await harvestAt(dut.bridge, {
      open: async (conf, options) =>
        answering(await openTcti(conf, options), [READ_PUBLIC], command =>
          stolen.transmit(command, { deadlineMs: 5_000 }),
        ),
    });
    assert.ok(finding.outcome === 'refused', JSON.stringify(finding));
    assert.equal(finding.code, 'possession-failed');
    assert.equal(await stateOf(dut.bridge), before);
  });

  test('H7 fails for an answer copied from an earlier proof of the same device, and leaves nothing loaded', async () => {
    const dut = await shelf.take('certified');
    const before = await stateOf(dut.bridge);
    let copied: Uint8Array | undefined;
    const open: Parameters<typeof runHarvest>[0]['open'] = async (conf, options) => {
      const tcti = await openTcti(conf, options);
      return answering(tcti, [ACTIVATE_CREDENTIAL], async command => {
        copied ??= await tcti.transmit(command, { deadlineMs: 5_000 });
        return copied;
      });
    };
    assert.equal((await harvestAt(dut.bridge, { open })).possession, 'proved');
    const finding = await harvestAt(dut.bridge, { open });
    assert.ok(finding.outcome === 'refused');
    assert.deepEqual([finding.code, finding.possession], ['possession-failed', 'failed']);
    assert.equal(await stateOf(dut.bridge), before);
  });

  test('H7 no two runs send the same credential, and the secret is in no finding', async () => {
    const dut = await shelf.take('certified');
    const sent: string[] = [];
    const secrets: string[] = [];
    for (let i = 0; i < 3; i++) {
      const finding = await harvestAt(dut.bridge, {
        open: async (conf, options) => {
          const tcti = await openTcti(conf, options);
          return answering(tcti, [ACTIVATE_CREDENTIAL], async command => {
            const response = await tcti.transmit(command, { deadlineMs: 5_000 });
            sent.push(Buffer.from(command).toString('hex'));
            secrets.push(Buffer.from(response.subarray(16, 48)).toString('base64'));
            return response;
          });
        },
      });
      assert.equal(finding.possession, 'proved');
      for (const secret of secrets) assert.ok(!JSON.stringify(finding).includes(secret.slice(0, 20)));
    }
    assert.equal(new Set(sent).size, 3);
    assert.equal(new Set(secrets).size, 3);
  });
});

function channelTo(tcti: Tcti): TpmChannel {
  return { tcti, commandMs: 10_000, createPrimaryMs: 60_000, endsAt: performance.now() + 120_000 };
}

/** A bridge with somebody on it who answers some commands himself. */
function answering(
  tcti: Tcti,
  commandCodes: readonly number[],
  answer: (command: Uint8Array) => Promise<Uint8Array>,
): Tcti {
  return {
    name: tcti.name,
    resourceManaged: tcti.resourceManaged,
    close: () => tcti.close(),
    transmit: (command, options) =>
      commandCodes.includes(Buffer.from(command).readUInt32BE(6))
        ? answer(command)
        : tcti.transmit(command, options),
  };
}
