/**
 * A TPM whose endorsement hierarchy has a password, on real swtpm: what the right one, a wrong one, none and a man in the
 * middle lead to, what the TPM is left with, and that nothing of a transcript helps to guess it.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, describe, test } from 'node:test';
import { inspect } from 'node:util';
import type { Finding } from '../../src/harvest/finding.ts';
import type { HarvestOptions } from '../../src/harvest/run-harvest.ts';
import { readTpmReport } from '../../src/harvest/tpm-report.ts';
import { withTranscript } from '../../src/station/attempt/record-transcript.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import type { Tcti } from '../../src/tcti/tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { parseTranscript } from '../../src/tcti/transcript.ts';
import { HierarchyPassword } from '../../src/tpm/hierarchy-password.ts';
import { missing } from '../parts.ts';
import { harvestAt, memoryNotes } from './harvest-at.ts';
import { lockOut, stateOf, tpm2 } from './tpm2-tools.ts';
import { DutShelf, type VirtualDut } from './virtual-dut.ts';

const CREATE_PRIMARY = 0x131;
const POLICY_SECRET = 0x151;
const START_AUTH_SESSION = 0x176;
const GET_CAPABILITY = 0x17a;
const HMAC_SESSION = 0x02;

const codeOf = (command: Uint8Array) => Buffer.from(command).readUInt32BE(6);
/** Where the handle of the first session stands in the two commands of the endorsement hierarchy. */
const sessionAt = (command: Uint8Array) => (codeOf(command) === POLICY_SECRET ? 22 : 18);
const showsPassword = (command: Uint8Array) =>
  [CREATE_PRIMARY, POLICY_SECRET].includes(codeOf(command)) && command[sessionAt(command)] === HMAC_SESSION;

const endOf = (finding: Finding) => (finding.outcome === 'read' ? 'read' : finding.code);

interface OnTheLine {
  /** May change a command, or the response to it. */
  readonly command?: (command: Uint8Array) => Uint8Array;
  readonly response?: (command: Uint8Array, response: Uint8Array) => Uint8Array;
}

/** Somebody on the bridge; `seen` gets every command. */
function over({ command: change, response: answer }: OnTheLine, seen: Uint8Array[] = []) {
  const open: HarvestOptions['open'] = async (conf, options) => {
    const tcti = await openTcti(conf, options);
    const transmit: Tcti['transmit'] = async (command, limits) => {
      seen.push(command);
      const response = await tcti.transmit(change?.(command) ?? command, limits);
      return answer?.(command, response) ?? response;
    };
    return { name: tcti.name, resourceManaged: false, transmit, close: () => tcti.close() };
  };
  return open;
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 0x01;
  return copy;
}

describe('HierarchyPassword', () => {
  test('is the bytes in UTF-8 as entered, without zero bytes at their end', () => {
    const bytesOf = (text: string) => HierarchyPassword.of(text)?.keyAfter(new Uint8Array());
    assert.deepEqual(bytesOf('pässwort\0\0'), Buffer.from('pässwort'));
    assert.deepEqual(bytesOf(' a\0b '), Buffer.from(' a\0b '));
    assert.deepEqual(bytesOf('e\u0301'), Buffer.from('65cc81', 'hex'), 'nothing is composed');
    assert.equal(bytesOf('x'.repeat(64))?.length, 64);
    for (const none of ['', '\0', 'x'.repeat(65), '암'.repeat(22), '\ud800'])
      assert.equal(HierarchyPassword.of(none), undefined);
  });

  test('S2 shows in nothing that is printed, and is gone once wiped', () => {
    const password = HierarchyPassword.of('do-not-show')!;
    const shown = [
      inspect(password, { depth: 9, showHidden: true }),
      JSON.stringify({ password }),
      String(password),
    ];
    assert.doesNotMatch(shown.join(), /do-not-show|64 6f 2d|100,111,45/);
    password.wipe();
    assert.deepEqual([password.usable, password.keyAfter(new Uint8Array())], [false, undefined]);
  });
});

describe('a TPM with an endorsement password', {
  skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools'),
}, () => {
  const shelf = new DutShelf();
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-password-'));
  afterEach(() => shelf.powerOff());
  after(async () => {
    await shelf.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  async function lockedDut(kind: 'certified' | 'unpersisted', password = 'secret'): Promise<VirtualDut> {
    const dut = await shelf.take(kind);
    await tpm2(dut.bridge, 'changeauth', '-c', 'e', password);
    return dut.powerCycle();
  }
  const harvest = (dut: VirtualDut, password: string, options: Partial<HarvestOptions> = {}) =>
    harvestAt(dut.bridge, { hierarchyPassword: HierarchyPassword.of(password), ...options });

  test('gives the key that tpm2_createek -P makes, by encrypted HMAC sessions that end with their commands', async () => {
    // In Korean, with a zero byte at its end on both sides.
    const password = '암호 secret';
    const hex = Buffer.from(`${password}\0`).toString('hex');
    const dut = await lockedDut('unpersisted', `hex:${hex}`);
    const before = await stateOf(dut.bridge);
    const seen: Uint8Array[] = [];
    const finding = await harvest(dut, `${password}\0\0`, { open: over({}, seen) });
    assert.ok(finding.outcome === 'read', JSON.stringify(finding));
    assert.deepEqual([finding.possession, finding.hierarchyPassword], ['proved', 'taken']);
    assert.equal(await stateOf(dut.bridge), before);
    const file = path.join(folder, 'ek');
    await tpm2(
      dut.bridge,
      'createek',
      '-P',
      `hex:${hex}`,
      '-G',
      'rsa',
      '-c',
      `${file}.ctx`,
      '-f',
      'tss',
      '-u',
      file,
    );
    assert.equal(finding.key.endorsementKey, (await readFile(file)).toString('base64'));
    const shown = seen.filter(showsPassword);
    assert.deepEqual(shown.map(codeOf), [CREATE_PRIMARY, POLICY_SECRET]);
    // Nonce (size and 32 bytes), then TPMA_SESSION: decrypt, and not continueSession.
    assert.deepEqual(
      shown.map(command => command[sessionAt(command) + 4 + 34]),
      [0x20, 0x20],
    );
    const clear = Buffer.from(password);
    assert.ok(seen.every(command => !Buffer.from(command).includes(clear)));
  });

  test('works without parameter encryption where the TPM has no AES-CFB', async () => {
    const dut = await lockedDut('certified');
    const seen: Uint8Array[] = [];
    const withoutCfb = over(
      {
        // TPM_CAP_ALGS: moreData, capability, count, then TPMS_ALG_PROPERTY of 6 bytes; CFB (0x0043) is taken out.
        response: (command, response) => {
          if (codeOf(command) !== GET_CAPABILITY || Buffer.from(command).readUInt32BE(10) !== 0)
            return response;
          const all = Buffer.from(response);
          const kept = [all.subarray(0, 19)];
          for (let at = 19; at < all.length; at += 6)
            if (all.readUInt16BE(at) !== 0x43) kept.push(all.subarray(at, at + 6));
          const without = Buffer.concat(kept);
          without.writeUInt32BE(without.length, 2);
          without.writeUInt32BE(kept.length - 1, 15);
          return without;
        },
      },
      seen,
    );
    assert.equal(endOf(await harvest(dut, 'secret', { open: withoutCfb })), 'read');
    assert.deepEqual(
      seen.filter(showsPassword).map(command => command[sessionAt(command) + 4 + 34]),
      [0x00],
    );
  });

  test('H1 a wrong password is sent once, wiped, and never counts towards lockout', async context => {
    let dut = await lockedDut('unpersisted');
    const before = await stateOf(dut.bridge);
    const answered = new Set<string | undefined>();
    for (let i = 0; i < 5; i++) {
      const seen: Uint8Array[] = [];
      const password = HierarchyPassword.of(`wrong ${i}`)!;
      const options = { hierarchyPassword: password, open: over({}, seen) };
      const finding = await harvestAt(dut.bridge, options);
      assert.deepEqual(
        [endOf(finding), finding.hierarchyPassword],
        ['hierarchy-password-refused', 'refused'],
      );
      answered.add(finding.outcome === 'failed' ? finding.responseCodeName : undefined);
      assert.equal(seen.filter(showsPassword).length, 1);
      assert.equal(password.usable, false);
      seen.length = 0;
      assert.equal(endOf(await harvestAt(dut.bridge, options)), 'hierarchy-password');
      assert.equal(seen.filter(showsPassword).length, 0, 'a refused password is not sent again');
      dut = await dut.powerCycle();
      assert.equal(await stateOf(dut.bridge), before, 'the lockout counter is among it');
    }
    assert.deepEqual([...answered], ['TPM_RC_BAD_AUTH']);
    context.diagnostic('five wrong passwords, each with a power cycle: BAD_AUTH, LOCKOUT_COUNTER as before');
    assert.equal(endOf(await harvest(dut, 'secret')), 'read');
  });

  test('H1 in lockout no password is sent, and none where the TPM has none', async () => {
    const dut = await lockedDut('unpersisted');
    await lockOut(dut.bridge);
    const seen: Uint8Array[] = [];
    assert.equal(endOf(await harvest(dut, 'secret', { open: over({}, seen) })), 'tpm-locked-out');
    const open = await shelf.take('unpersisted');
    const finding = await harvest(open, 'secret', { open: over({}, seen) });
    assert.deepEqual([endOf(finding), finding.hierarchyPassword], ['read', undefined]);
    assert.equal(seen.filter(showsPassword).length, 0);
  });

  test('a man in the middle who changes one byte is noticed, whichever it is', async context => {
    const dut = await lockedDut('certified');
    const before = await stateOf(dut.bridge);
    const ends = new Map<string, number>();
    /** @returns how the run ended */
    const run = async (what: string, line: OnTheLine): Promise<string> => {
      const end = endOf(await harvest(dut, 'secret', { open: over(line) }));
      assert.notEqual(end, 'read', what);
      ends.set(end, (ends.get(end) ?? 0) + 1);
      assert.equal(await stateOf(dut.bridge), before, what);
      return end;
    };
    let length = 0;
    let answerLength = 0;
    const measure = over({
      response: (command, response) => {
        if (showsPassword(command)) [length, answerLength] = [command.length, response.length];
        return response;
      },
    });
    assert.equal(endOf(await harvest(dut, 'secret', { open: measure })), 'read');
    // Nonce, attributes, HMAC and parameters of PolicySecret.
    for (const at of [30, 45, 61, 63, 64, 66, 80, 97, length - 1]) {
      const command = (sent: Uint8Array) => (showsPassword(sent) ? flipped(sent, at) : sent);
      await run(`command, byte ${at}`, { command });
    }
    // Parameters, nonce, attributes and HMAC of its answer.
    for (const at of [16, 20, 25, 40, 57, answerLength - 35, answerLength - 20, answerLength - 1]) {
      const response = (sent: Uint8Array, got: Uint8Array) => (showsPassword(sent) ? flipped(got, at) : got);
      const end = await run(`response, byte ${at}`, { response });
      assert.match(end, /^tpm-answer-(forged|malformed)$/, `response, byte ${at}`);
    }
    // The TPM's nonce: both sides make another key of it.
    const nonce = (sent: Uint8Array, got: Uint8Array) =>
      codeOf(sent) === START_AUTH_SESSION && sent[10] === 0x81 ? flipped(got, 20) : got;
    assert.equal(await run('nonceTPM', { response: nonce }), 'hierarchy-password-refused');
    context.diagnostic([...ends].map(([end, count]) => `${end} ${count}`).join(', '));
  });

  test('an EK that somebody puts in the place of the created one is an answer that was forged', async () => {
    const dut = await lockedDut('unpersisted');
    const before = await stateOf(dut.bridge);
    const substituted = over({
      // Inside the modulus of outPublic: after handle and parameter size, TPM2B size, 56 bytes of TPMT_PUBLIC, 2 of size.
      response: (command, response) =>
        showsPassword(command) && codeOf(command) === CREATE_PRIMARY ? flipped(response, 150) : response,
    });
    const finding = await harvest(dut, 'secret', { open: substituted });
    assert.deepEqual([endOf(finding), finding.key], ['tpm-answer-forged', undefined]);
    assert.equal(await stateOf(dut.bridge), before);
  });

  test('H1 tpm info makes the key with the password where none is stored, and leaves the TPM as it was', async () => {
    const dut = await lockedDut('unpersisted');
    const before = await stateOf(dut.bridge);
    const uses: string[] = [];
    const look = (password?: string, bridge = dut.bridge) => {
      const hierarchyPassword = password === undefined ? undefined : HierarchyPassword.of(password);
      return readTpmReport({
        bridge: parseTctiConf(bridge),
        key: hierarchyPassword && {
          hierarchyPassword,
          harvestId: 'look-1',
          runNotes: memoryNotes(),
          used: use => uses.push(use),
        },
      });
    };
    const without = await look();
    assert.deepEqual([without.dps.fit, without.endorsementKey], [false, undefined]);
    const report = await look('secret');
    assert.deepEqual(
      [report.dps.fit, report.hierarchyPassword, report.endorsementKey?.madeFrom, uses],
      [true, 'taken', 'L-1', ['taken']],
    );
    const finding = await harvest(dut, 'secret');
    assert.equal(report.endorsementKey?.endorsementKey, finding.key?.endorsementKey);
    await assert.rejects(look('wrong'), { name: 'TpmError', code: 'password-refused' });
    assert.equal(await stateOf(dut.bridge), before);
    assert.deepEqual(uses, ['taken', 'refused']);
    const open = await look('secret', (await shelf.take('unpersisted')).bridge);
    assert.deepEqual([open.endorsementKey, open.hierarchyPassword], [undefined, undefined]);
  });

  test('S2 a transcript replays to the same verdict and holds nothing to guess the password by', async () => {
    const dut = await lockedDut('unpersisted');
    for (const [name, password, expected] of [
      ['right', 'secret', 'read'],
      ['wrong', 'wrong', 'hierarchy-password-refused'],
    ] as const) {
      const file = path.join(folder, `${name}.jsonl`);
      const seen: Uint8Array[] = [];
      const { result } = await withTranscript({ file, withPassword: true }, parseTctiConf(dut.bridge), open =>
        harvest(dut, password, {
          open: async (conf, options) => {
            const tcti = await open(conf, options);
            const transmit: Tcti['transmit'] = (command, limits) => {
              seen.push(command);
              return tcti.transmit(command, limits);
            };
            return {
              name: tcti.name,
              resourceManaged: tcti.resourceManaged,
              transmit,
              close: () => tcti.close(),
            };
          },
        }),
      );
      assert.equal(endOf(result), expected);
      const upToSecret = (finding: Finding) =>
        JSON.stringify({ ...finding, possession: 'not-tested', detail: '' });
      assert.equal(upToSecret(await harvestAt(`replay:${file}`)), upToSecret(result));
      const text = readFileSync(file, 'utf8');
      for (const command of seen.filter(showsPassword)) {
        const sent = Buffer.from(command);
        const hmacAt = sessionAt(command) + 4 + 34 + 1 + 2;
        const hmac = sent.subarray(hmacAt, hmacAt + 32);
        assert.ok(!text.includes(hmac.toString('hex')), 'the HMAC is blanked');
        assert.ok(
          text.includes(sent.subarray(sessionAt(command) + 6, hmacAt - 3).toString('hex')),
          'its nonce is kept',
        );
      }
      for (const exchange of parseTranscript(text).exchanges) {
        const { command } = exchange;
        if (codeOf(command) === START_AUTH_SESSION && command[10] !== 0x40)
          assert.equal(exchange.redactedCommand, 'salt');
        if (!showsPassword(command)) continue;
        assert.equal(exchange.redactedCommand, 'HMAC and first parameter');
        const recorded = Buffer.from(command);
        const hmacAt = sessionAt(command) + 4 + 34 + 1 + 2;
        const parameterBytes = recorded.readUInt16BE(hmacAt + 32);
        const secret = recorded.subarray(hmacAt, hmacAt + 32).toString('hex');
        const parameter = recorded.subarray(hmacAt + 34, hmacAt + 34 + parameterBytes).toString('hex');
        assert.match(secret + parameter, /^0+$/);
        if (!('response' in exchange) || exchange.response.length <= 10) continue;
        assert.equal(exchange.redacted, 'HMAC');
        assert.match(Buffer.from(exchange.response).toString('hex'), /00200{64}$/);
      }
    }
  });
});
