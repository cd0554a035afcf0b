/** Every operation of the client against the emulator: Microsoft's SDK on one side, the service's rules on the other. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { EnrollmentService, TaggedEnrollment } from '../../src/dps/service.ts';
import { ServiceClient } from '../../src/dps/service-client.ts';
import { EmulatedDps } from '../outbox/emulated-dps.ts';
import { makeEntries } from '../outbox/entries.ts';
import { failsWith, serve } from './answering.ts';
import { clientId, clientSecret, FakeAuthority, tenantId } from './fake-authority.ts';

describe('the client against the emulator', () => {
  let dps: EmulatedDps;
  let client: EnrollmentService;
  const documents = makeEntries(25).map(entry => entry.document);
  before(async () => {
    dps = await EmulatedDps.start();
    client = dps.connect();
    for (let at = 0; at < documents.length; at += 10)
      assert.deepEqual((await client.createMany(documents.slice(at, at + 10))).errors, []);
  });
  after(() => dps.close());

  const tagged = async (n: number): Promise<TaggedEnrollment> => {
    const record = await client.get(documents[n]!.registrationId);
    return { ...documents[n]!, etag: String(record?.etag) };
  };

  it('reads all of them, page by page, each once', async () => {
    const ids: unknown[] = [];
    const sizes: number[] = [];
    let continuation: string | undefined;
    do {
      const page = await client.page(10, continuation);
      sizes.push(page.records.length);
      ids.push(...page.records.map(record => record.registrationId));
      continuation = page.continuation;
    } while (continuation !== undefined);
    assert.deepEqual(sizes, [10, 10, 5]);
    assert.deepEqual(ids.sort(), documents.map(document => document.registrationId).sort());
  });

  it('updates what has the etag, and leaves what was changed meanwhile, item by item', async () => {
    const [first, second] = [await tagged(0), await tagged(1)];
    const disabled = (enrollment: TaggedEnrollment) => ({
      ...enrollment,
      provisioningStatus: 'disabled' as const,
    });
    assert.equal((await client.updateMany([disabled(first)])).isSuccessful, true);
    // The first etag is an old one by now.
    const answer = await client.updateMany([{ ...first, provisioningStatus: 'enabled' }, disabled(second)]);
    assert.equal(answer.isSuccessful, false);
    assert.deepEqual(
      answer.errors.map(error => [error.registrationId, Math.trunc(error.errorCode / 1000)]),
      [[first.registrationId, 412]],
    );
    for (const { registrationId } of [first, second])
      assert.equal((await client.get(registrationId))?.provisioningStatus, 'disabled');
  });

  it('creates nothing by an update', async () => {
    const [stranger] = makeEntries(1);
    const answer = await client.updateMany([{ ...stranger!.document, etag: (await tagged(2)).etag }]);
    assert.equal(answer.isSuccessful, false);
    assert.equal(await client.get(stranger!.registrationId), undefined);
  });

  it('deletes with the etag only, and says when there was none', async () => {
    const stale = await tagged(3);
    await client.updateMany([{ ...stale, provisioningStatus: 'disabled' }]);
    await failsWith(client.remove(stale.registrationId, stale.etag), 'etag-mismatch', false);
    const { registrationId, etag } = await tagged(3);
    assert.equal(await client.remove(registrationId, etag), true);
    assert.equal(await client.remove(registrationId, etag), false);
    assert.equal(await client.get(registrationId), undefined);
  });

  it('takes a token of Microsoft Entra ID, and names the role that another one lacks', async context => {
    const authority = new FakeAuthority();
    const login = await serve(context, authority.listener);
    const ca = readFileSync(dps.emulator.caFile, 'utf8');
    const entra = {
      kind: 'client-secret',
      tenantId,
      clientId,
      clientSecret,
      authorityHost: `https://localhost:${login.port}`,
    } as const;
    const connection = { host: 'localhost', port: dps.emulator.port, entra };
    const station = new ServiceClient({ connection, ca: `${ca}\n${login.ca}` });
    context.after(() => station.close());
    await dps.control('POST', 'bearer-tokens', { token: 'token-1' });
    await dps.control('POST', 'bearer-tokens', { token: 'token-2', rights: ['EnrollmentRead'] });
    const [entry] = makeEntries(1);
    assert.equal((await station.createMany([entry!.document])).isSuccessful, true);
    await dps.control('DELETE', 'bearer-tokens');
    await dps.control('POST', 'bearer-tokens', { token: 'token-2', rights: ['EnrollmentRead'] });
    await station.probe();
    await failsWith(station.createMany([entry!.document]), 'entra-role-missing', false);
  });
});
