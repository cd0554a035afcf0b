/** A whole harvest over SSH, by both ways to the DUT's TPM: the same finding, and the TPM as it was. */
import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { startSlowLink } from '../../scripts/virtual-dut/slow-link.ts';
import type { Finding } from '../../src/harvest/finding.ts';
import { missing, missingSshd } from '../parts.ts';
import { cleanUp, sshInFrontOf } from '../tcti/bridges.ts';
import { harvestAt } from './harvest-at.ts';
import { stateOf } from './tpm2-tools.ts';
import { DutShelf } from './virtual-dut.ts';

const skip = missing('swtpm', 'swtpm-tools', 'tpm2-tools', 'socat') || missingSshd();
const ROUND_TRIP_MS = 50;
/** Without a resource manager: nine, and two to list what is loaded. */
const COMMANDS = 11;
/** Version, key exchange, three steps of the sign-in, channel, program; TCP's own is not delayed here. */
const CONNECTING = 9;

describe('a harvest over ssh', { skip }, () => {
  const shelf = new DutShelf();
  afterEach(() => shelf.powerOff());
  after(() => shelf.clear());

  for (const front of ['ssh tpm2_send', 'ssh dd'] as const) {
    test(`${front}: finds what a harvest at the TPM itself finds, and H1 leaves the TPM as it was`, async () => {
      const dut = await shelf.take('certified');
      const direct = await harvestAt(dut.bridge);
      const before = await stateOf(dut.bridge);
      const ending: (() => unknown)[] = [];
      let finding: Finding;
      try {
        const { conf, ssh } = await sshInFrontOf(front, dut.port, action => ending.unshift(action));
        finding = await harvestAt(conf, { ssh });
      } finally {
        // The terminal in front of swtpm holds the one connection that swtpm serves.
        for (const end of ending) await end();
      }
      assert.equal(finding.outcome, 'read', JSON.stringify(finding));
      assert.equal(finding.possession, 'proved');
      assert.deepEqual(finding, direct);
      assert.equal(await stateOf(dut.bridge), before);
    });
  }

  test('H1 a run whose link is cut flushes what it loaded over a new connection', async context => {
    const later = cleanUp(context);
    const dut = await shelf.take('certified');
    const { conf, ssh } = await sshInFrontOf('ssh tpm2_send', dut.port, later);
    const link = await startSlowLink(Number(conf.split(':').at(-1)), 20, later);
    const before = await stateOf(dut.bridge);
    const finding = await harvestAt(conf.replace(/\d+$/, `${link.port}`), {
      ssh,
      onStep: ({ step, state }) => {
        // Within it are five commands: two of them load something.
        if (step === 'proof' && state === 'started') setTimeout(link.cut, 90);
      },
    });
    assert.ok(finding.outcome === 'failed', JSON.stringify(finding));
    assert.deepEqual([finding.code, finding.step], ['bridge-closed', 'proof']);
    assert.ok(!finding.warnings.includes('handles-left'));
    assert.equal(await stateOf(dut.bridge), before);
  });

  test('costs its round trips and connecting on a slow link', async context => {
    const later = cleanUp(context);
    const dut = await shelf.take('certified');
    const { conf, ssh } = await sshInFrontOf('ssh dd', dut.port, later);
    const link = await startSlowLink(Number(conf.split(':').at(-1)), ROUND_TRIP_MS, later);
    let connecting = 0;
    const finding = await harvestAt(conf.replace(/\d+$/, `${link.port}`), {
      ssh,
      onStep: event => {
        if (event.step === 'connect' && event.state === 'done') connecting = link.roundTrips();
      },
    });
    const exchanging = link.roundTrips() - connecting;
    assert.equal(finding.outcome, 'read', JSON.stringify(finding));
    context.diagnostic(`${connecting} round trips to connect, ${exchanging} for ${COMMANDS} commands`);
    // In round trips, not in time, which is the machine's as well: `npm run bench -- links` has that.
    assert.ok(connecting <= CONNECTING + 1, `${connecting} to connect`);
    assert.ok(exchanging >= COMMANDS && exchanging <= COMMANDS + 2, `${exchanging} for the commands`);
  });
});
