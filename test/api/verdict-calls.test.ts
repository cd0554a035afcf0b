/** Decisions on refused duplicates over the API, on a real core and a real board: input bounded, roles checked, the tile follows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../src/api/contract.ts';
import type { Hands } from '../../src/station/access/hands.ts';
import { addPerson } from '../../src/station/access/manage-people.ts';
import { signInWithPin } from '../../src/station/access/sign-in.ts';
import type { HarvestResult } from '../../src/station/attempt/harvest-device.ts';
import { recordAttempt } from '../../src/station/attempt/record-attempt.ts';
import { deviceActs } from '../../src/station/devices/device-acts.ts';
import { FixtureBoard } from '../../src/station/kiosk/fixture-board.ts';
import { verdictDesk } from '../../src/station/kiosk/verdict-desk.ts';
import { mina, minaPin } from '../station/access/people-fixture.ts';
import { coreForTest, readAttempt, type TestCore } from '../station/station-fixture.ts';
import { scriptedStation, unexpected } from './scripted-station.ts';
import { transports } from './transports.ts';

/** Nobody signed in: every act is by whom it names. */
const handsOf = (core: TestCore): Hands => ({
  account: () => 'kiosk',
  actor: async by => signInWithPin(core, by as { id: string }, by!.pin),
});

/** A board whose one fixture shows a clone, and the attempt behind it. */
async function boardWithClone(core: TestCore) {
  recordAttempt(core, readAttempt(1, 'SN-1'));
  const attempt = readAttempt(1, 'SN-2');
  const { verdict, code, otherSerial } = recordAttempt(core, attempt);
  const { harvestId } = attempt;
  const result = { harvestId, verdict, code, otherSerial, warnings: [], serial: 'SN-2', durationMs: 9 };
  const board = new FixtureBoard({
    fixtures: [{ id: 'F1', name: 'One' }],
    onGone: () => {},
    now: () => 0,
    onChange: () => {},
    onFault: unexpected,
    run: async () => result as never as HarvestResult,
  });
  board.arm('F1', 'SN-2');
  board.start('F1');
  await board.close();
  return { board, harvestId };
}

const [[name, open]] = Object.entries(transports) as [[string, (typeof transports)[keyof typeof transports]]];

test(`${name}: S1 H6 a clone is shown, relabelled by a supervisor's PIN, and its tile passes`, async () => {
  using core = coreForTest();
  await addPerson(core, { id: 'choi', name: 'Choi', role: 'operator', pin: '864209' }, await mina(core));
  const { board, harvestId: harvest } = await boardWithClone(core);
  assert.equal(board.view('F1')?.verdict?.overruling, 'relabel');
  let told = 0;
  const verdicts = verdictDesk(core, handsOf(core), board, () => (told += 1));
  const acts = deviceActs(core, handsOf(core), () => (told += 1));
  const station = scriptedStation({ verdicts, deviceActs: acts });
  const { api, end } = await open({ station, onFault: unexpected });

  const compared = await api.compareAttempt({ harvest });
  assert.ok(compared.ok);
  const { deviceId: device, roles } = compared.comparison;
  assert.deepEqual(roles, ['supervisor']);
  const input = { harvest, overruling: 'relabel', device, reason: 'wrong label' } as const;
  const by = (id: string, pin: string) => ({ ...input, by: { id, pin } });
  assert.deepEqual(await api.overruleAttempt(by('choi', '864209')), { ok: false, code: 'role-missing' });
  assert.deepEqual(await api.overruleAttempt(by('mina', '111111')), { ok: false, code: 'sign-in-refused' });
  assert.deepEqual(await api.overruleAttempt({ ...by('mina', minaPin), device: 'another' }), {
    ok: false,
    code: 'harvest-outdated',
  });
  await assert.rejects(
    api.overruleAttempt({ ...input, overruling: 'keep' as 'relabel' }),
    (error: unknown) => error instanceof ApiError && error.code === 'invalid-input',
  );
  assert.deepEqual([board.view('F1')?.verdict?.code, told], ['clone', 0], 'nothing of that was done');

  const done = await api.overruleAttempt(by('mina', minaPin));
  assert.ok(done.ok);
  assert.partialDeepStrictEqual(board.view('F1'), {
    state: 'decided',
    serial: 'SN-2',
    verdict: {
      harvestId: done.overruled.harvestId,
      verdict: 'passed',
      code: 'passed-by-decision',
      decidedBy: 'Kim Mina',
    },
  });
  assert.equal(board.view('F1')?.verdict?.overruling, undefined);
  assert.equal(told, 1);

  const act = { device: done.overruled.deviceId, verb: 'disable', reason: 'lost' } as const;
  assert.deepEqual(await api.actOnDevice({ ...act, by: { id: 'choi', pin: '864209' } }), {
    ok: false,
    code: 'role-missing',
  });
  assert.deepEqual(await api.actOnDevice({ ...act, by: { id: 'mina', pin: minaPin } }), {
    ok: true,
    deviceId: act.device,
    changes: true,
  });
  await end();
});
