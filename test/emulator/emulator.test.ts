import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { connect } from 'node:tls';
import type { EmulatorOptions } from '../../src/emulator/emulator.ts';
import { EmulatorError } from '../../src/emulator/errors.ts';
import { enrollmentDocument } from './enrollment-documents.ts';
import { callService, emulatorForTest, send, temporaryDirectory } from './running-emulator.ts';

describe('startEmulator', () => {
  it('presents a certificate of its own CA for localhost, 127.0.0.1 and ::1', async () => {
    await using emulator = await emulatorForTest();
    for (const host of ['localhost', '127.0.0.1', '::1']) {
      const authorized = await new Promise<boolean>((resolve, reject) => {
        const socket = connect(
          {
            host: '127.0.0.1',
            port: emulator.port,
            ca: readFileSync(emulator.caFile),
            // A server name may be no IP address, so for those the name is checked as a client would.
            ...(host === 'localhost' ? { servername: host } : {}),
            checkServerIdentity: (_, peer) =>
              new X509Certificate(peer.raw)[host === 'localhost' ? 'checkHost' : 'checkIP'](host)
                ? undefined
                : new Error(`not for ${host}`),
          },
          () => {
            resolve(socket.authorized);
            socket.destroy();
          },
        );
        socket.on('error', reject);
      });
      assert.equal(authorized, true, host);
    }
  });

  it('makes certificates that are valid now, and for less than the 825 days that some clients allow', async () => {
    await using emulator = await emulatorForTest();
    const server = new X509Certificate(readFileSync(join(emulator.dir, 'server.pem')));
    const ca = new X509Certificate(readFileSync(emulator.caFile));
    assert.equal(ca.ca, true);
    assert.equal(server.ca, false);
    assert.ok(server.checkIssued(ca) && server.verify(ca.publicKey));
    assert.equal(server.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    assert.ok(server.validFromDate.getTime() < Date.now() - 24 * 3_600_000, 'some clock lag is borne');
    const days = (server.validToDate.getTime() - server.validFromDate.getTime()) / 86_400_000;
    assert.ok(days > 365 && days < 825, `${days} days`);
  });

  it('keeps keys and policies readable by their owner only', async () => {
    await using emulator = await emulatorForTest();
    for (const file of ['server-key.pem', 'instance.json']) {
      assert.equal(statSync(join(emulator.dir, file)).mode & 0o777, 0o600, file);
    }
  });

  it('keeps its CA, keys, id scope and port over a restart, and loses no enrollment or count', async () => {
    const dir = temporaryDirectory();
    const stateFile = join(dir, 'enrollments.sqlite');
    await using first = await emulatorForTest({ dir, stateFile });
    const created = await callService(first, 'PUT', '/enrollments/dut-1', enrollmentDocument('dut-1'));
    await callService(first, 'PUT', '/enrollments/dut-1', enrollmentDocument('dut-1'));
    await callService(first, 'PUT', '/enrollments/dut-2', enrollmentDocument('dut-2'));
    const ca = readFileSync(first.caFile, 'utf8');
    await first.close();

    await using second = await emulatorForTest({ dir, stateFile, port: first.port });
    assert.equal(second.connectionString, first.connectionString);
    assert.equal(second.idScope, first.idScope);
    assert.equal(readFileSync(second.caFile, 'utf8'), ca);
    const found = await callService(second, 'GET', '/enrollments/dut-1');
    assert.deepEqual(found.json, {
      ...created.json,
      registrationState: { registrationId: 'dut-1', status: 'unassigned' },
    });
    const state = await send(second, { method: 'GET', path: '/$emulator/state' });
    const { totals, ...documented } = state.json;
    assert.deepEqual(totals, {
      registrationIds: 2,
      held: 2,
      created: 2,
      createdAgain: 0,
      overwritten: 0,
      repeatedCreates: 1,
      deleted: 0,
    });
    assert.deepEqual(documented, {
      enrollments: [
        { registrationId: 'dut-1', created: 1, overwritten: 0, repeatedCreates: 1, deleted: 0 },
        { registrationId: 'dut-2', created: 1, overwritten: 0, repeatedCreates: 0, deleted: 0 },
      ],
      requests: 4,
      throttled: 0,
    });
    rmSync(dir, { recursive: true });
  });

  it('forgets its enrollments, but not its keys, when it keeps them in memory', async () => {
    const dir = temporaryDirectory();
    await using first = await emulatorForTest({ dir });
    await callService(first, 'PUT', '/enrollments/dut-1', enrollmentDocument('dut-1'));
    await first.close();
    await using second = await emulatorForTest({ dir, port: first.port });
    assert.equal(second.connectionString, first.connectionString);
    assert.equal((await callService(second, 'GET', '/enrollments/dut-1')).status, 404);
    rmSync(dir, { recursive: true });
  });

  it('makes new certificates where the old ones are damaged or do not belong together', async () => {
    const dir = temporaryDirectory();
    await using first = await emulatorForTest({ dir });
    await first.close();
    writeFileSync(join(dir, 'server-key.pem'), 'not a key');
    await using second = await emulatorForTest({ dir });
    assert.equal((await callService(second, 'GET', '/enrollments/dut-1')).status, 404);
    rmSync(dir, { recursive: true });
  });

  it('says why it cannot start, and quotes no key', async () => {
    const dir = temporaryDirectory();
    await using running = await emulatorForTest({ dir });
    const startAndEnd = async (options: Partial<EmulatorOptions>) => {
      await using _ = await emulatorForTest(options);
    };
    const failsWith = (code: string) => (error: unknown) =>
      error instanceof EmulatorError && error.code === code && error.hint.length > 0;
    await assert.rejects(startAndEnd({ port: running.port }), failsWith('port-unavailable'));
    await assert.rejects(startAndEnd({ port: 70_000 }), failsWith('port-unavailable'));
    const file = join(dir, 'a-file');
    writeFileSync(file, 'this is no SQLite file, but long enough to be looked at as one'.repeat(40));
    await assert.rejects(startAndEnd({ dir, stateFile: file }), failsWith('state-unreadable'));
    await assert.rejects(startAndEnd({ dir: join(file, 'below') }), failsWith('folder-unusable'));
    const damaged = join(dir, 'damaged');
    mkdirSync(damaged);
    writeFileSync(join(damaged, 'instance.json'), '{"policies": [{"key": "SECRET');
    await assert.rejects(
      startAndEnd({ dir: damaged }),
      (error: EmulatorError) =>
        error.code === 'instance-unreadable' && !`${error.stack} ${error.cause}`.includes('SECRET'),
    );
    rmSync(dir, { recursive: true });
  });

  it('S5 names itself in every answer, also a refusal, so that a production station can refuse it', async () => {
    await using emulator = await emulatorForTest();
    const answers = [
      await callService(emulator, 'PUT', '/enrollments/dut-1', enrollmentDocument('dut-1')),
      await callService(emulator, 'DELETE', '/enrollments/dut-1'),
      await send(emulator, { method: 'GET', path: '/enrollments/dut-1' }),
      await send(emulator, { method: 'GET', path: '/nowhere' }),
      await send(emulator, { method: 'GET', path: '/$emulator/state' }),
    ];
    assert.deepEqual(
      answers.map(answer => answer.status),
      [200, 204, 401, 404, 200],
    );
    for (const answer of answers) assert.equal(answer.headers.server, 'keyline-dps-emulator');
  });

  it('listens on loopback only', async () => {
    await using emulator = await emulatorForTest();
    const { networkInterfaces } = await import('node:os');
    const outside = Object.values(networkInterfaces())
      .flat()
      .find(address => address && !address.internal && address.family === 'IPv4');
    const addresses = [outside?.address, '127.0.0.2'].filter(address => address !== undefined);
    for (const host of addresses) {
      await assert.rejects(
        new Promise((resolve, reject) => {
          httpRequest({ host, port: emulator.port, timeout: 2000 }, resolve).on('error', reject).end();
        }),
        { code: 'ECONNREFUSED' },
        host,
      );
    }
  });

  it('stops listening and listens again on the same port', async () => {
    await using emulator = await emulatorForTest();
    await emulator.stopListening();
    await assert.rejects(callService(emulator, 'GET', '/enrollments/dut-1'), { code: 'ECONNREFUSED' });
    await emulator.listenAgain();
    assert.equal((await callService(emulator, 'GET', '/enrollments/dut-1')).status, 404);
  });
});
