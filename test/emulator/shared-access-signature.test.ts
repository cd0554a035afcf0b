import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readerPolicy } from '../../src/emulator/access-policies.ts';
import { enrollmentDocument } from './enrollment-documents.ts';
import {
  emulatorForTest,
  fieldsOf,
  send,
  signedFields,
  type TestEmulator,
  tokenOf,
} from './running-emulator.ts';

describe('judgeAccess', () => {
  let emulator: TestEmulator;
  before(async () => {
    emulator = await emulatorForTest();
  });
  after(() => emulator[Symbol.asyncDispose]());

  const get = (authorization: string | undefined, path = '/enrollments/dut-1') =>
    send(emulator, {
      method: 'GET',
      path: `${path}?api-version=2021-10-01`,
      headers: authorization === undefined ? undefined : { Authorization: authorization },
    });
  /** 404: allowed, but there is no such enrollment. */
  const isAllowed = async (authorization: string) => assert.equal((await get(authorization)).status, 404);
  const isRefused = async (authorization: string | undefined) => {
    const answer = await get(authorization);
    assert.equal(answer.status, 401, String(authorization));
    assert.equal(answer.json.errorCode, 401002);
    assert.match(answer.json.message, /^Unauthorized/);
  };

  it('allows the token that the connection string makes', async () => {
    await isAllowed(tokenOf(emulator.connectionString));
  });

  it('reads the fields by name, in any order', async () => {
    const { sr, sig, skn, se } = signedFields(fieldsOf(emulator.connectionString));
    await isAllowed(`SharedAccessSignature se=${se}&skn=${skn}&sr=${sr}&sig=${sig}`);
    await isAllowed(`SharedAccessSignature skn=${skn}&sig=${sig}&se=${se}&sr=${sr}`);
  });

  it('takes sr with the port, URL-encoded, in capitals, or as a prefix in whole segments', async () => {
    const { port } = emulator;
    const resources = [
      `localhost:${port}`,
      `127.0.0.1:${port}`,
      `localhost%3A${port}`,
      'LOCALHOST',
      'localhost/',
      'localhost/enrollments',
      'localhost%2fenrollments%2fdut-1',
    ];
    for (const sr of resources) await isAllowed(tokenOf(emulator.connectionString, { sr }));
  });

  it('refuses a token for another host, another path, or half a segment', async () => {
    const resources = [
      'otherhost',
      'local',
      'localhost.example',
      `localhost:${emulator.port + 1}`,
      'localhost/enrollments/dut-2',
      'localhost/enrollments/dut',
      'localhost/enroll',
      '',
      '%zz',
    ];
    for (const sr of resources) await isRefused(tokenOf(emulator.connectionString, { sr }));
  });

  it('refuses an expired token', async () => {
    const now = Math.floor(Date.now() / 1000);
    await isRefused(tokenOf(emulator.connectionString, { se: now - 1 }));
    await isAllowed(tokenOf(emulator.connectionString, { se: now + 60 }));
  });

  it('refuses a signature of another key, a changed signature, and a signature over other fields', async () => {
    await isRefused(tokenOf(emulator.connectionString, { key: Buffer.alloc(32, 1).toString('base64') }));
    const fields = fieldsOf(emulator.connectionString);
    const { sr, sig, skn, se } = signedFields(fields);
    await isRefused(`SharedAccessSignature sr=${sr}&sig=${sig}&skn=${skn}&se=${se + 1}`);
    await isRefused(`SharedAccessSignature sr=${sr}/&sig=${sig}&skn=${skn}&se=${se}`);
    await isRefused(`SharedAccessSignature sr=${sr}&sig=${sig.slice(0, 8)}&skn=${skn}&se=${se}`);
    await isRefused(`SharedAccessSignature sr=${sr}&sig=&skn=${skn}&se=${se}`);
    // Another policy's name with this policy's key.
    await isRefused(`SharedAccessSignature sr=${sr}&sig=${sig}&skn=${readerPolicy}&se=${se}`);
    await isRefused(tokenOf(emulator.connectionString, { skn: 'nobody' }));
  });

  it('refuses what is no token', async () => {
    const { sr, sig, skn, se } = signedFields(fieldsOf(emulator.connectionString));
    const texts = [
      undefined,
      '',
      'Bearer abc',
      'SharedAccessSignature',
      'SharedAccessSignature sr',
      `SharedAccessSignature sr=${sr}&sig=${sig}&skn=${skn}`,
      `SharedAccessSignature sr=${sr}&sig=${sig}&skn=${skn}&se=${se}&se=${se}`,
      `SharedAccessSignature sr=${sr}&sig=${sig}&skn=${skn}&se=${se}.5`,
      `SharedAccessSignature sr=${sr}&sig=%E0%A4%A&skn=${skn}&se=${se}`,
    ];
    for (const text of texts) await isRefused(text);
  });

  it('lets a policy do what its rights say and no more', async () => {
    const readers = tokenOf(emulator.connectionStringOf(readerPolicy));
    await isAllowed(readers);
    const write = await send(emulator, {
      method: 'PUT',
      path: '/enrollments/dut-1?api-version=2021-10-01',
      body: enrollmentDocument('dut-1'),
      headers: { Authorization: readers },
    });
    assert.equal(write.status, 401);
    assert.equal(write.json.errorCode, 401002);
    assert.match(write.json.message, /EnrollmentWrite/);
    const bulk = await send(emulator, {
      method: 'POST',
      path: '/enrollments?api-version=2021-10-01',
      body: { mode: 'create', enrollments: [enrollmentDocument('dut-1')] },
      headers: { Authorization: readers },
    });
    assert.equal(bulk.status, 401);
    await isAllowed(tokenOf(emulator.connectionString)); // neither write was done
  });

  it('checks the token before it looks at the body or the api-version', async () => {
    const answer = await send(emulator, { method: 'PUT', path: '/enrollments/dut-1', body: '{broken' });
    assert.equal(answer.status, 401);
  });
});
