/** Fixtures that start by themselves: devices come and go, nobody presses a button, and no TPM is asked before its harvest. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { waitFor } from '../../../scripts/demo/kiosk-hand.ts';
import { makeSwtpmState } from '../../../scripts/virtual-dut/make-swtpm-state.ts';
import { startSshDut } from '../../../scripts/virtual-dut/ssh-dut.ts';
import { type Swtpm, startSwtpm } from '../../../scripts/virtual-dut/start-swtpm.ts';
import { openStation } from '../../../src/station/open-station.ts';
import type { FixtureView, StationView } from '../../../src/station/views.ts';
import { missing, missingSshd } from '../../parts.ts';
import { cleanUp, temporaryFolder } from '../../tcti/bridges.ts';
import { startServer } from '../../tcti/loopback-servers.ts';
import { entriesOf } from '../station-fixture.ts';

type Later = (action: () => unknown) => void;

describe('a fixture that starts by itself', { skip: missing('swtpm', 'swtpm-tools', 'tpm2-tools') }, () => {
  const ending: (() => unknown)[] = [];
  after(async () => {
    for (const end of ending) await end();
  });
  let boards: string;
  before(async () => {
    boards = await temporaryFolder(end => void ending.unshift(end));
    for (const board of ['one', 'two']) await makeSwtpmState(path.join(boards, board), { ek: 'persisted' });
  });

  /** A fixture's place for boards: the address stays, the TPM behind it comes and goes. */
  async function socketFor(later: Later) {
    const folder = await temporaryFolder(later);
    let running: Swtpm | undefined;
    let seated = 0;
    const take = async () => {
      await running?.stop();
      running = undefined;
    };
    const seat = async (board: string, port?: number) => {
      const stateDir = path.join(folder, `${++seated}`);
      await cp(path.join(boards, board), stateDir, { recursive: true });
      running = await startSwtpm({ stateDir, ...(port === undefined ? {} : { port }) });
      return running.port;
    };
    const port = await seat('one');
    later(take);
    return { bridge: `swtpm:host=127.0.0.1,port=${port}`, take, seat: (board: string) => seat(board, port) };
  }

  async function stationWith(configuration: object, later: Later) {
    const dataDirectory = await temporaryFolder(later);
    writeFileSync(path.join(dataDirectory, 'keyline.json'), JSON.stringify(configuration));
    const station = await openStation({ dataDirectory, env: { KEYLINE_REHEARSAL: '1' }, lookEveryMs: 20 });
    later(() => station.close());
    const until = async (what: string, fits: (fixture: FixtureView) => boolean) => {
      const view: StationView = await waitFor(station.kiosk, what, ({ fixtures }) => fits(fixtures[0]!));
      return view.fixtures[0]!;
    };
    return { ...station, until };
  }

  it('starts what comes after it was empty, scanned before or after, and never twice the same', async context => {
    const later = cleanUp(context);
    const socket = await socketFor(later);
    const fixtures = [
      { id: 'A', bridge: socket.bridge, handsFree: 'scanned' },
      { id: 'B', bridge: 'swtpm:host=127.0.0.1,port=9' },
    ];
    const { kiosk, until } = await stationWith({ fixtures }, later);
    // What sits there from the start may have been tested before.
    assert.deepEqual(await kiosk.scan({ text: 'SN-1' }), { ok: true, fixture: 'A' });
    assert.deepEqual(await kiosk.scan({ text: 'SN-B' }), { ok: true, fixture: 'B' });
    assert.deepEqual(
      [kiosk.view().fixtures[0]?.state, kiosk.view().fixtures[0]?.handsFree],
      ['armed', 'occupied'],
    );
    await socket.take();
    assert.equal((await until('it is empty', f => f.handsFree === 'empty')).state, 'armed');
    await socket.seat('one');
    const first = await until('the first is decided', f => f.state === 'decided');
    assert.deepEqual([first.verdict?.code, first.serial, first.handsFree], ['passed', 'SN-1', 'occupied']);

    // The passed one still sits there: the next serial asks where.
    assert.deepEqual(await kiosk.scan({ text: 'SN-2' }), { ok: false, code: 'choose-fixture' });
    await socket.take();
    await until('it is taken out', f => f.handsFree === 'empty');
    await socket.seat('two');
    assert.equal((await until('the next has come', f => f.handsFree === 'arrived')).state, 'decided');
    assert.deepEqual(await kiosk.scan({ text: 'SN-2' }), { ok: true, fixture: 'A' });
    const second = await until('the second is decided', f => f.state === 'decided' && f.serial === 'SN-2');
    assert.equal(second.verdict?.code, 'passed', JSON.stringify(second));

    // A person has to look at a verdict that holds the unit back.
    await socket.take();
    await until('it is empty again', f => f.handsFree === 'empty');
    assert.deepEqual(await kiosk.scan({ text: 'SN-3' }), { ok: true, fixture: 'A' });
    await socket.seat('one');
    const clone = await until('the clone is decided', f => f.state === 'decided' && f.serial === 'SN-3');
    assert.equal(clone.verdict?.code, 'clone');
    await socket.take();
    await until('the clone is out', f => f.handsFree === 'empty');
    assert.deepEqual(await kiosk.scan({ text: 'SN-4' }), { ok: false, code: 'choose-fixture' });
    assert.equal(kiosk.view().today.attempts, 3);
  });

  it('says nothing to whoever listens there before the harvest', async context => {
    const later = cleanUp(context);
    let looks = 0;
    let bytes = 0;
    const looked = Promise.withResolvers<void>();
    const server = await startServer(socket => {
      socket
        .on('error', () => {})
        .on('data', data => {
          bytes += data.length;
        });
      looks += 1;
      if (looks === 8) looked.resolve();
    });
    later(() => server.close());
    const fixtures = [{ id: 'A', bridge: `swtpm:host=127.0.0.1,port=${server.port}`, handsFree: 'scanned' }];
    const { kiosk } = await stationWith({ fixtures }, later);
    await looked.promise;
    assert.deepEqual([bytes, kiosk.view().fixtures[0]?.handsFree], [0, 'occupied']);
  });

  it('H10 takes the serial from the device where it may, and says that nothing was compared', {
    skip: missingSshd(),
  }, async context => {
    const later = cleanUp(context);
    const { kiosk, core, until, seat } = await stationBehindSsh(later, 'SN-D1');
    await until('it is empty', f => f.handsFree === 'empty');
    await seat();
    const decided = await until('it is decided', f => f.state === 'decided');
    assert.deepEqual([decided.serial, decided.verdict?.code], ['SN-D1', 'passed'], JSON.stringify(decided));
    const { data } = entriesOf(core).at(-1)!;
    assert.deepEqual([data.serial, data.dutSerial], ['SN-D1', { status: 'taken', serial: 'SN-D1' }]);
    assert.equal(kiosk.view().fixtures[0]?.handsFree, 'occupied');
  });

  it('H10 waits for a scan where the device gives no serial of the product', {
    skip: missingSshd(),
  }, async context => {
    const later = cleanUp(context);
    const { kiosk, until, seat } = await stationBehindSsh(later, 'XX-1');
    await until('it is empty', f => f.handsFree === 'empty');
    await seat();
    assert.equal((await until('it has come', f => f.handsFree === 'arrived')).state, 'idle');
    assert.deepEqual(await kiosk.scan({ text: 'SN-D2' }), { ok: true, fixture: 'A' });
    const decided = await until('it is decided', f => f.state === 'decided');
    assert.deepEqual([decided.serial, decided.verdict?.code], ['SN-D2', 'dut-serial-differs']);
  });

  async function stationBehindSsh(later: Later, ownSerial: string) {
    const socket = await socketFor(later);
    const dut = await startSshDut({ way: 'tpm2_send', tcti: socket.bridge }, later);
    const gate = await gateBefore(dut.port, later);
    const fixtures = [
      {
        id: 'A',
        bridge: `ssh:dut@127.0.0.1:${gate.port}`,
        handsFree: 'device-serial',
        ssh: { identityFile: dut.identityFile },
      },
    ];
    const products = [{ name: 'board', serialPattern: 'SN-.*', dutSerial: { command: `echo ${ownSerial}` } }];
    const station = await stationWith({ fixtures, products }, later);
    return { ...station, seat: gate.open };
  }

  /** An address at which nothing listens until it is opened. */
  async function gateBefore(target: number, later: Later) {
    const sockets = new Set<Socket>();
    const serve = (near: Socket) => {
      const far = connect(target, '127.0.0.1');
      for (const socket of [near, far]) sockets.add(socket.on('error', () => {}));
      near.pipe(far).pipe(near);
    };
    const closed = await startServer(serve);
    closed.close();
    const server = createServer(serve);
    later(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const open = async () => {
      server.listen(closed.port, '127.0.0.1');
      await once(server, 'listening');
    };
    return { port: closed.port, open };
  }
});
