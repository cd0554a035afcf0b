/**
 * The main job without a screen, from first scan to verified audit, told step by step; every claim is checked against
 * what the parts themselves say (ledger, emulator, export). Throws at the first thing that does not hold.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import path from 'node:path';
import { exportAudit } from '../../src/station/export/export-audit.ts';
import { verifyFile } from '../../src/station/export/verify-audit.ts';
import { openStation, type Station } from '../../src/station/open-station.ts';
import { readStatus } from '../../src/station/status.ts';
import { harvestAll, waitFor } from './kiosk-hand.ts';
import type { VirtualLine } from './virtual-line.ts';

export async function runHeadless(line: VirtualLine, say: (text: string) => void): Promise<void> {
  Object.assign(process.env, line.environment);
  const station = await openStation({ dataDirectory: line.dataDirectory });
  try {
    await tellStory(line, station, say);
  } finally {
    await station.close();
  }
}

async function tellStory(line: VirtualLine, station: Station, say: (text: string) => void): Promise<void> {
  const { kiosk, core } = station;
  const [first, second] = line.fixtures as [string, string];
  const serialOf = (number: number) => `DEMO-${String(number).padStart(4, '0')}`;
  let number = 0;
  const nextSerials = (fixtures: readonly string[]) =>
    new Map(fixtures.map(fixture => [fixture, serialOf(++number)]));

  say('online: one board in each fixture');
  await waitFor(kiosk, 'the station is online', view => view.connection.state === 'online');
  const online = nextSerials(line.fixtures);
  for (const [fixture, verdict] of await harvestAll(kiosk, online)) {
    assert.equal(verdict.verdict, 'passed', `${online.get(fixture)}: ${verdict.code}`);
    assert.deepEqual(
      verdict.warnings,
      ['simulator'],
      'possession proved, the certificate verified by the demo CA',
    );
    say(`  ${online.get(fixture)}  PASS  ${verdict.tpm}  ${verdict.registrationId!.slice(0, 12)}…`);
  }
  await waitFor(kiosk, 'all are enrolled', view => view.outbox.enrolled === line.fixtures.length);
  say('  possession proved, certificates verified by the demo CA');
  say(`  ${line.fixtures.length} enrolled in DPS`);

  say('offline: the connection is gone, the line goes on');
  await line.emulator.stopListening();
  await line.place(first, await line.manufacture('persisted'));
  await line.place(second, await line.manufacture('derivable'));
  const offline = nextSerials([first, second]);
  const kept = await harvestAll(kiosk, offline);
  for (const [fixture, verdict] of kept) {
    assert.equal(verdict.verdict, 'passed', `${offline.get(fixture)}: ${verdict.code}`);
    const warned = verdict.warnings.includes('ek-not-persisted')
      ? '  (key not persisted in the TPM: warned)'
      : '';
    say(`  ${offline.get(fixture)}  PASS  kept here${warned}`);
  }
  assert.ok(
    kept.get(second)!.warnings.includes('ek-not-persisted'),
    'the board without a persisted key is warned of',
  );
  const waiting = await waitFor(
    kiosk,
    'the screen says offline',
    view => view.connection.state === 'offline',
  );
  assert.equal(waiting.outbox.queued + waiting.outbox.sending, 2);
  say(`  offline, ${waiting.outbox.queued + waiting.outbox.sending} waiting`);

  say('mistakes of a line: the same board again, a copied board, an empty fixture');
  const retested = await harvestAll(kiosk, new Map([[first, offline.get(first)!]]));
  assert.equal(retested.get(first)!.verdict, 'retest');
  say(`  ${offline.get(first)}  PASS  already recorded, nothing is enrolled twice`);
  const original = await line.manufacture('persisted');
  await line.place(first, original);
  const honest = nextSerials([first]);
  assert.equal((await harvestAll(kiosk, honest)).get(first)!.verdict, 'passed');
  say(`  ${honest.get(first)}  PASS  kept here`);
  await line.unplug(first);
  await line.place(first, await line.copy(original));
  const copied = nextSerials([first]);
  const clone = (await harvestAll(kiosk, copied)).get(first)!;
  assert.equal(clone.code, 'clone');
  assert.equal(clone.otherSerial, honest.get(first));
  say(`  ${copied.get(first)}  STOP  its TPM is already recorded as ${clone.otherSerial}`);
  await line.unplug(second);
  const absent = nextSerials([second]);
  const missing = (await harvestAll(kiosk, absent)).get(second)!;
  assert.equal(missing.code, 'bridge-unreachable');
  say(`  ${absent.get(second)}  FAIL  nothing answers in that fixture`);

  say('online again: the outbox drains by itself');
  await line.emulator.listenAgain();
  const expected = line.fixtures.length + 3;
  await waitFor(kiosk, 'the outbox is empty', view => view.outbox.enrolled === expected);
  const state = await emulatorState(line);
  assert.equal(state.enrollments.length, expected);
  for (const { registrationId, created, overwritten } of state.enrollments)
    assert.deepEqual({ created, overwritten }, { created: 1, overwritten: 0 }, registrationId);
  say(`  ${expected} enrolled; by the emulator’s counts each was created once and none overwritten`);

  say('audit: exported and verified');
  for (const format of ['jsonl', 'csv'] as const) {
    const out = path.join(line.folder, `audit.${format}`);
    const exported = await exportAudit(core, { format, out, account: 'demo' });
    const verdict = await verifyFile(out, { key: core.identity.verifierKey, checkpoints: [] });
    assert.ok(verdict.ok, `${format}: ${verdict.ok ? '' : verdict.detail}`);
    assert.equal(verdict.level, 'signed');
    say(
      `  ${format.padEnd(5)}  ${exported.entries} entries, root ${exported.rootHash.slice(0, 16)}…, ${verdict.level}`,
    );
  }
  const status = await readStatus(core);
  assert.equal(status.devices, expected);
  assert.equal(status.queue.enrolled, expected);
  assert.equal(
    status.queue.queued + status.queue.sending + status.queue.conflict + status.queue.quarantined,
    0,
  );
  say(
    `done: ${status.devices} devices, ${status.attempts} attempts, ${status.audit.size} audit entries, nothing waits`,
  );
}

interface EmulatorState {
  readonly enrollments: readonly { registrationId: string; created: number; overwritten: number }[];
}

function emulatorState(line: VirtualLine): Promise<EmulatorState> {
  return new Promise((resolve, reject) => {
    const url = `${line.emulator.serviceUrl}/$emulator/state`;
    httpsRequest(url, { ca: readFileSync(line.emulator.caFile), agent: false }, answer => {
      const chunks: Buffer[] = [];
      answer.on('data', chunk => chunks.push(chunk)).on('error', reject);
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
    })
      .on('error', reject)
      .end();
  });
}
