import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ownerPolicy, readerPolicy } from '../../src/emulator/access-policies.ts';
import { enrollmentDocument } from './enrollment-documents.ts';
import {
  control,
  emulatorForTest,
  send,
  type TestEmulator,
  temporaryDirectory,
  tokenOf,
} from './running-emulator.ts';

const call = (emulator: TestEmulator, authorization: string, method = 'GET') =>
  send(emulator, {
    method,
    path: '/enrollments/dut-1?api-version=2021-10-01',
    body: method === 'PUT' ? enrollmentDocument('dut-1') : undefined,
    headers: { Authorization: authorization },
  });
const statusWith = async (emulator: TestEmulator, connectionString: string, method = 'GET') =>
  (await call(emulator, tokenOf(connectionString), method)).status;

describe('AccessPolicies', () => {
  it('takes both keys of a policy, and refuses the one that was exchanged', async () => {
    await using emulator = await emulatorForTest();
    const path = `policies/${ownerPolicy}`;
    const before = await control(emulator, 'POST', `${path}/regenerate`, { key: 'secondary' });
    assert.equal(before.primaryConnectionString, emulator.connectionString);
    for (const each of [before.primaryConnectionString, before.secondaryConnectionString]) {
      assert.equal(await statusWith(emulator, each), 404);
    }
    const after = await control(emulator, 'POST', `${path}/regenerate`, { key: 'primary' });
    assert.equal(await statusWith(emulator, before.primaryConnectionString), 401);
    assert.equal(await statusWith(emulator, after.primaryConnectionString), 404);
    assert.equal(await statusWith(emulator, before.secondaryConnectionString), 404);
    assert.equal(emulator.connectionStringOf(ownerPolicy), after.primaryConnectionString);
  });

  it('gives a new policy just its rights, other rights from then on, and nothing once it is revoked', async () => {
    await using emulator = await emulatorForTest();
    const made = await control(emulator, 'PUT', 'policies/line-1', { rights: ['EnrollmentWrite'] });
    const connection = made.primaryConnectionString;
    assert.equal(await statusWith(emulator, connection), 401);
    assert.equal(await statusWith(emulator, connection, 'PUT'), 200);
    const changed = await control(emulator, 'PUT', 'policies/line-1', { rights: ['EnrollmentRead'] });
    assert.equal(changed.primaryConnectionString, connection);
    assert.equal(await statusWith(emulator, connection), 200);
    const refused = await call(emulator, tokenOf(connection), 'PUT');
    assert.equal(refused.status, 401);
    assert.match(refused.json.message, /the policy lacks EnrollmentWrite/);
    assert.deepEqual(
      (await control(emulator, 'GET', 'policies')).map((policy: { name: string }) => policy.name),
      [ownerPolicy, readerPolicy, 'line-1'],
    );
    await control(emulator, 'DELETE', 'policies/line-1');
    assert.equal(await statusWith(emulator, connection), 401);
    const again = await control(emulator, 'PUT', 'policies/line-1', { rights: ['EnrollmentRead'] });
    assert.notEqual(again.primaryConnectionString, connection);
  });

  it('keeps policies over a restart, in a file of the owner only', async () => {
    const dir = temporaryDirectory();
    await using first = await emulatorForTest({ dir });
    const made = await control(first, 'PUT', 'policies/line-1', { rights: ['EnrollmentRead'] });
    await control(first, 'DELETE', `policies/${readerPolicy}`);
    await first.close();
    await using second = await emulatorForTest({ dir, port: first.port });
    assert.equal(await statusWith(second, made.secondaryConnectionString), 404);
    assert.throws(() => second.connectionStringOf(readerPolicy), RangeError);
    assert.equal(statSync(join(dir, 'instance.json')).mode & 0o777, 0o600);
    rmSync(dir, { recursive: true });
  });

  it('gives the policies of a folder from before there were two keys a second one, and keeps it', async () => {
    const dir = temporaryDirectory();
    const file = join(dir, 'instance.json');
    const key = Buffer.alloc(32, 7).toString('base64');
    const policies = [{ name: ownerPolicy, key, rights: ['EnrollmentRead'] }];
    writeFileSync(file, JSON.stringify({ idScope: '0neDEADBEEF', policies }));
    await using emulator = await emulatorForTest({ dir });
    assert.ok(emulator.connectionString.endsWith(key));
    assert.equal(await statusWith(emulator, emulator.connectionString), 404);
    const stored = JSON.parse(readFileSync(file, 'utf8')).policies[0];
    assert.equal(
      await statusWith(emulator, emulator.connectionString.replace(key, stored.secondaryKey)),
      404,
    );
    rmSync(dir, { recursive: true });
  });

  it('S2 lists policies without their keys', async () => {
    await using emulator = await emulatorForTest();
    const { policies } = JSON.parse(readFileSync(join(emulator.dir, 'instance.json'), 'utf8'));
    const { text } = await send(emulator, { method: 'GET', path: '/$emulator/policies' });
    for (const { name, key, secondaryKey } of policies) {
      assert.ok(text.includes(name) && !text.includes(key) && !text.includes(secondaryKey));
    }
  });

  it('refuses rights, keys and names that are none', async () => {
    await using emulator = await emulatorForTest();
    const wrong: [string, string, unknown, number][] = [
      ['PUT', 'policies/line-1', { rights: ['Everything'] }, 400],
      ['PUT', 'policies/line-1', {}, 400],
      ['PUT', 'policies/a%20b', { rights: [] }, 404],
      ['POST', `policies/${ownerPolicy}/regenerate`, { key: 'third' }, 400],
      ['POST', 'policies/nobody/regenerate', { key: 'primary' }, 404],
      ['DELETE', 'policies/nobody', undefined, 404],
      ['POST', `policies/${ownerPolicy}`, {}, 405],
    ];
    for (const [method, resource, body, status] of wrong) {
      const answer = await send(emulator, { method, path: `/$emulator/${resource}`, body });
      assert.equal(answer.status, status, `${method} ${resource}`);
    }
  });
});

describe('BearerTokens', () => {
  it('accepts the tokens that it was told of, with their rights, until they run out or are taken away', async () => {
    await using emulator = await emulatorForTest();
    const now = Math.floor(Date.now() / 1000);
    assert.equal((await call(emulator, 'Bearer head.er.sig')).status, 401);
    await control(emulator, 'POST', 'bearer-tokens', { token: 'head.er.sig', expiresAt: now + 600 });
    await control(emulator, 'POST', 'bearer-tokens', { token: 'reader', rights: ['EnrollmentRead'] });
    await control(emulator, 'POST', 'bearer-tokens', { token: 'old', expiresAt: now - 1 });
    assert.equal((await call(emulator, 'Bearer head.er.sig', 'PUT')).status, 200);
    assert.equal((await call(emulator, 'bearer reader')).status, 200);
    assert.match(
      (await call(emulator, 'Bearer reader', 'PUT')).json.message,
      /principal lacks EnrollmentWrite/,
    );
    assert.match((await call(emulator, 'Bearer old')).json.message, /expired/);
    await control(emulator, 'POST', 'faults', { kind: 'wrong-clock', skewS: 601, requests: 1 });
    assert.match((await call(emulator, 'Bearer head.er.sig')).json.message, /expired/);
    await control(emulator, 'DELETE', 'bearer-tokens');
    assert.equal((await call(emulator, 'Bearer head.er.sig')).status, 401);
  });

  it('S2 neither lists a token nor quotes one that it cannot take', async () => {
    await using emulator = await emulatorForTest();
    await control(emulator, 'POST', 'bearer-tokens', { token: 'SECRET' });
    const list = await send(emulator, { method: 'GET', path: '/$emulator/bearer-tokens' });
    const refused = await send(emulator, {
      method: 'POST',
      path: '/$emulator/bearer-tokens',
      body: { token: 'SECRET SECRET', SECRET: 1 },
    });
    assert.equal(refused.status, 400);
    assert.ok(!`${list.text}${refused.text}`.includes('SECRET'));
  });
});
