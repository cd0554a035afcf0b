/**
 * Three stations by the command line alone: a line that never sees a network harvests a lot, a connected station enrols it by
 * courier, an office verifies and prints the certificate of the lot; with everything on the way that can happen to a stick.
 * Most devices are transcripts of a real harvest, each with a key of its own; some are real swtpms.
 */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deviceMakerOf } from '../../scripts/bench/replayed-devices.ts';
import { joinParts, splitIntoParts } from '../../src/courier/parts.ts';
import { parseConnectionString } from '../../src/dps/connection-string.ts';
import type { StationClock } from '../../src/station/clock/station-clock.ts';
import { packBundle } from '../../src/station/courier/pack-bundle.ts';
import { hostText } from '../../src/station/dps/dps-target.ts';
import { openCore } from '../../src/station/open-core.ts';
import { DutShelf } from '../harvest/virtual-dut.ts';
import { EmulatedDps } from '../outbox/emulated-dps.ts';
import { missing } from '../parts.ts';
import { documentOf, type Ended, keyline } from './run-keyline.ts';
import './cheap-pins.ts';

const LOT = 200;
const REAL = ['certified', 'blank-persisted'] as const;
const pin = '240817';
const reason = ['--reason', 'line 7', '--as', 'mina'];
const transcripts = path.join(import.meta.dirname, '..', 'fixtures', 'transcripts');

type Station = 'line' | 'connected' | 'office' | 'other-line';

describe('three stations and a courier', { skip: missing('swtpm', 'swtpm-tools') }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'keyline-three-stations-'));
  const shelf = new DutShelf();
  let dps: EmulatedDps;
  const place = (...names: string[]) => path.join(folder, ...names);
  const stick = (name: string) => place('stick', name);

  before(async () => {
    mkdirSync(place('stick'));
    dps = await EmulatedDps.start();
  });
  after(async () => {
    await dps.close();
    await shelf.clear();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (station: Station, ...args: string[]): Promise<Ended> =>
    keyline([...args, '--json'], {
      dataDir: place(station),
      env: {
        KEYLINE_REHEARSAL: '1',
        KEYLINE_PIN: pin,
        ...(station === 'connected'
          ? {
              KEYLINE_DPS_CONNECTION_STRING: dps.emulator.connectionString,
              KEYLINE_DPS_CA_FILE: dps.emulator.caFile,
            }
          : {}),
      },
    });
  const ok = async (...call: Parameters<typeof at>) => {
    const ended = await at(...call);
    assert.equal(ended.code, 0, `${call.join(' ')}: ${ended.stdout}${ended.stderr}`);
    return documentOf(ended);
  };
  const refused = async (code: string, ...call: Parameters<typeof at>) => {
    const ended = await at(...call);
    assert.notEqual(ended.code, 0, ended.stdout);
    const document = documentOf(ended);
    assert.deepEqual([document.code, typeof document.hint], [code, 'string'], ended.stdout);
    return ended;
  };
  const notices = ({ notices }: Record<string, unknown>) => notices as string[];

  async function makeStations() {
    const host = hostText(parseConnectionString(dps.emulator.connectionString));
    for (const [station, of] of [
      ['line', host],
      ['connected', host],
      ['office', host],
      ['other-line', 'another.azure-devices-provisioning.net'],
    ] as const) {
      mkdirSync(place(station));
      const configuration = { dps: { host: of, idScope: dps.emulator.idScope } };
      writeFileSync(place(station, 'keyline.json'), JSON.stringify(configuration));
    }
    const person = ['people', 'add', 'mina', '--name', 'Mina', '--role', 'supervisor'];
    await Promise.all(
      (['line', 'connected'] as const).map(station =>
        keyline(person, {
          dataDir: place(station),
          env: { KEYLINE_REHEARSAL: '1', KEYLINE_NEW_PIN: pin },
        }),
      ),
    );
    const [line, connected, other] = await Promise.all([
      ok('line', 'audit', 'key'),
      ok('connected', 'courier', 'key'),
      ok('other-line', 'audit', 'key'),
    ]);
    await Promise.all([
      ok('connected', 'courier', 'trust', 'add', String(line.verifierKey), ...reason),
      ok('connected', 'courier', 'trust', 'add', String(other.verifierKey), ...reason),
      ok('line', 'courier', 'trust', 'add', String(connected.verifierKey), '--receiver', ...reason),
    ]);
    return { lineKey: String(line.verifierKey) };
  }

  /** A list as an engineer would write it. @returns its file */
  async function makeLot(): Promise<string> {
    const transcript = readFileSync(path.join(transcripts, 'certified.jsonl'), 'utf8');
    const [recorded] = /013a0001000b[0-9a-f]{620}/.exec(transcript) ?? [];
    const maker = deviceMakerOf(transcript, Buffer.from(recorded!, 'hex'));
    const duts = await Promise.all(REAL.map(kind => shelf.take(kind)));
    mkdirSync(place('duts'));
    const rows = await Promise.all(
      Array.from({ length: LOT }, async (_, number) => {
        const serial = `SN-${1000 + number}`;
        if (duts[number]) return `${serial},"${duts[number].bridge}"`;
        const file = place('duts', serial);
        await maker.make(file);
        return `${serial},replay:${file}`;
      }),
    );
    writeFileSync(place('lot.csv'), `serial,bridge\n${rows.join('\n')}\n`);
    return place('lot.csv');
  }

  /** As by a station whose clock was wrong when it packed. */
  async function packAt(station: Station, clock: StationClock, out: string): Promise<void> {
    const core = openCore({ dataDirectory: place(station), env: { KEYLINE_SECRET_STORE: 'files' }, clock });
    await packBundle(core, { out, account: 'os:test' }).finally(() => core.close());
  }

  /** An office without the line's secrets: its backup, verified, in a folder of its own. */
  async function certificate(round: string, lineKey: string): Promise<Record<string, unknown>> {
    mkdirSync(place(`backups-${round}`));
    const backup = String((await ok('line', 'backup', '--out', place(`backups-${round}`))).folder);
    const carried = place(`carried-${round}`);
    cpSync(backup, carried, { recursive: true });
    const ledger = path.join(carried, 'ledger.sqlite');
    const verified = await ok('office', 'audit', 'verify', ledger, '--key', lineKey);
    assert.equal(verified.ok, true);
    await ok('office', 'restore', carried, ...(round === 'early' ? [] : ['--set-aside']));
    const out = place(`certificate-${round}.html`);
    const words = ['--work-order', 'WO-7', '--quantity', String(LOT), '--language', 'en', '--out', out];
    const ended = await at('office', 'audit', 'certificate', ...words);
    const made = documentOf(ended);
    const [, verdict] = /class="verdict (\w+)"/.exec(readFileSync(out, 'utf8')) ?? [];
    return { ...made, code: ended.code, verdict };
  }

  it('A4 O2 O8 enrols a lot of 200 by courier, each once, whatever befalls the stick, and certifies it when that is so', async () => {
    const { lineKey } = await makeStations();
    const harvested = await at('line', 'batch', 'harvest', await makeLot(), '--work-order', 'WO-7');
    assert.equal(
      harvested.code,
      0,
      harvested.stdout
        .split('\n')
        .filter(line => !line.includes('"passed",'))
        .join('\n')
        .slice(0, 3000),
    );
    const { summary } = JSON.parse(harvested.stdout.trim().split('\n').at(-1)!);
    assert.equal(summary.passed, LOT);

    // An expired bundle, of a clock that stood still; one for another DPS; a good one, later replayed.
    const slow = Date.now() - 60 * 86_400_000;
    const stopped: StationClock = {
      read: () => ({ at: slow, bootId: 'boot', monotonicMs: 1, clock: 'unsynced' }),
    };
    await packAt('line', stopped, stick('expired'));
    const old = await ok('line', 'courier', 'pack', '--out', stick('old'));
    assert.deepEqual([old.sequence, old.entries, old.unreadable], [2, LOT, []]);
    const split = await ok('line', 'courier', 'pack', '--out', stick('split'), '--max-size', '256K');
    const parts = split.files as string[];
    assert.ok(parts.length > 2, `${parts.length} parts`);
    await ok(
      'other-line',
      ...['harvest', '--bridge', `replay:${place('duts', 'SN-1100')}`, '--serial', 'SN-9'],
    );
    await ok('other-line', 'courier', 'pack', '--out', stick('other'));
    // By somebody who knows the format, and has no key.
    const { id, bytes } = joinParts([{ name: 'old', bytes: readFileSync(stick('old')) }]);
    bytes[bytes.length - 900]! ^= 1;
    writeFileSync(stick('tampered'), splitIntoParts({ kind: 'bundle', id, bytes })[0]!);

    await Promise.all([
      refused('courier-expired', 'connected', 'courier', 'unpack', stick('expired')),
      refused('courier-other-dps', 'connected', 'courier', 'unpack', stick('other')),
      refused('courier-tampered', 'connected', 'courier', 'unpack', stick('tampered')),
      refused('courier-part-missing', 'connected', 'courier', 'unpack', ...parts.slice(1)),
    ]);

    const taken = await ok('connected', 'courier', 'unpack', ...parts.toReversed());
    assert.deepEqual(taken.counts, { taken: LOT, known: 0, 'already-here': 0, refused: 0 });
    assert.deepEqual(
      [notices(taken).includes('gap'), taken.missing],
      [true, [1, 2]],
      'the others never came',
    );
    copyFileSync(parts[0]!, stick('doubled'));
    const [doubled, replayed] = await Promise.all([
      ok('connected', 'courier', 'unpack', ...parts, stick('doubled')),
      ok('connected', 'courier', 'unpack', stick('old')),
    ]);
    assert.deepEqual([notices(doubled).includes('known'), doubled.counts], [true, { ...zero, known: LOT }]);
    assert.deepEqual([notices(replayed).includes('late'), replayed.counts], [true, { ...zero, known: LOT }]);
    assert.equal((await ok('connected', 'sync', '--once')).enrolled, LOT);

    // The first receipt is lost; without one the office says that the lot is not complete.
    const [, early] = await Promise.all([
      ok('connected', 'courier', 'receipt', 'write', '--out', stick('lost-receipt')),
      certificate('early', lineKey),
    ]);
    assert.deepEqual(
      [early.complete, early.code, early.verdict, early.enrolled],
      [false, 4, 'incomplete', 0],
    );
    await ok('connected', 'courier', 'receipt', 'write', '--out', stick('receipt'));
    const closed = await ok('line', 'courier', 'receipt', 'take', stick('receipt'));
    assert.equal((closed.counts as Record<string, number>).enrolled, LOT);
    await refused('courier-nothing-to-pack', 'line', 'courier', 'pack', '--out', stick('none'));
    const late = await certificate('late', lineKey);
    assert.deepEqual([late.complete, late.code, late.verdict, late.enrolled], [true, 0, 'complete', LOT]);

    const rested = ['--out', place('stick'), '--accept-debt', '--as', 'mina'];
    const opened = await ok('line', 'work-order', 'open', 'WO-7', '--quantity', String(LOT));
    assert.deepEqual(
      [opened.passed, opened.closedAt],
      [LOT, null],
      'what was recorded under its number counts',
    );
    await refused('work-order-open', 'line', 'work-order', 'archive', 'WO-7', ...rested);
    const done = await ok('line', 'work-order', 'close', 'WO-7', '--as', 'mina');
    assert.deepEqual([done.passed, typeof done.closedAt], [LOT, 'number']);
    const archived = await ok('line', 'work-order', 'archive', 'WO-7', ...rested);
    assert.deepEqual([archived.isNew, archived.isWhole, archived.letGo], [true, true, archived.entries]);
    const shown = await ok('office', 'audit', 'verify', String(archived.file), '--key', lineKey);
    assert.equal(shown.ok, true);

    const { enrollments } = await dps.state();
    assert.equal(enrollments.length, LOT);
    assert.ok(
      enrollments.every(
        ({ created, overwritten, repeatedCreates }) => created === 1 && overwritten + repeatedCreates === 0,
      ),
      'each was created once and overwritten never',
    );
  });
});

const zero = { taken: 0, known: 0, 'already-here': 0, refused: 0 };
