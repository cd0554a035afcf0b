/** Rule O7, and what a refusal of DPS means: a wrong clock, a wrong key, one that was withdrawn, a right that is missing. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { ServiceClientOptions } from '../../src/dps/service-client.ts';
import { makeEntry } from '../outbox/entries.ts';
import { failsWith, json, serve } from './answering.ts';
import type { HostileServer } from './hostile-server.ts';
import { JudgingDps, ownerKey, readerKey } from './judging-dps.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const { document } = makeEntry();

async function judged(context: TestContext) {
  const dps = new JudgingDps();
  const server = await serve(context, dps.listener);
  const client = (policy: string, key: string, wishes: Partial<ServiceClientOptions> = {}) =>
    server.client({ ...wishes, connection: connectionTo(server, policy, key) });
  return { dps, server, client };
}

const connectionTo = (server: HostileServer, sharedAccessKeyName: string, sharedAccessKey: string) => ({
  host: 'localhost',
  port: server.port,
  sharedAccessKeyName,
  sharedAccessKey,
});

describe('DPS’s clock and the station’s', () => {
  for (const hours of [2, 23, -2, -23]) {
    it(`O7 works with a station clock that is ${hours} h ahead, and says by how much`, async context => {
      const { dps, client } = await judged(context);
      const skews: (number | undefined)[] = [];
      const owner = client('owner', ownerKey, {
        now: () => Date.now() + hours * hourMs,
        onAnswer: ({ skewMs }) => skews.push(skewMs),
      });
      assert.equal(owner.skewMs, undefined);
      await owner.createMany([document]);
      await owner.createMany([document]);
      assert.ok(Math.abs(owner.skewMs! + hours * hourMs) < 2_000, String(owner.skewMs));
      assert.equal(skews.at(-1)! - owner.skewMs! < 1_000, true);
      // Late: the first token had ended, and the one made after its refusal was timed by DPS. Ahead: it was taken.
      const refused = hours < 0 ? ['/enrollments/ 401'] : [];
      assert.deepEqual(dps.answers, [...refused, '/enrollments/ 200', '/enrollments/ 200']);
      const life = (token: string) => Number(/se=(\d+)/.exec(token)![1]) - Date.now() / 1000;
      assert.ok(
        Math.abs(life(dps.tokens.at(-1)!) - 3_600) < 5,
        'the last token lives an hour by DPS’s clock',
      );
    });
  }

  it('O7 names a clock that is years late instead of a wrong key, and shows both clocks', async context => {
    const { dps, client } = await judged(context);
    const owner = client('owner', ownerKey, { now: () => Date.parse('2021-03-04T05:06:07Z') });
    const error = await failsWith(owner.createMany([document]), 'clock-wrong', false);
    assert.match(error.message, /says 2021-03-04T05:06:07.000Z, the clock of DPS \d{4}-\d\d-\d\dT/);
    assert.equal(error.status, 401);
    assert.ok(dps.answers.every(answer => answer.endsWith('401')));
  });

  it('O7 asks again before it writes with a clock that was found years off, and goes on once it is set', async context => {
    const { dps, client } = await judged(context);
    let now = () => Date.parse('2021-03-04T05:06:07Z');
    const owner = client('owner', ownerKey, { now: () => now() });
    await failsWith(owner.createMany([document]), 'clock-wrong', false);
    await failsWith(owner.createMany([document]), 'clock-wrong', true);
    now = Date.now;
    assert.equal((await owner.createMany([document])).isSuccessful, true);
    assert.deepEqual(dps.answers.at(-1), '/enrollments/ 200');
  });

  it('O7 sees a step of the station’s clock at once, without asking', async context => {
    const { dps, client } = await judged(context);
    let stepMs = 0;
    const owner = client('owner', ownerKey, { now: () => Date.now() + stepMs });
    await owner.probe();
    stepMs = -3 * hourMs;
    await owner.probe();
    assert.deepEqual(dps.answers, Array(2).fill('/enrollments/query 200'));
    assert.ok(Math.abs(owner.skewMs! - 3 * hourMs) < 2_000);
  });

  it('O7 writes nothing more once the clock has stepped by days, even where DPS takes the token', async context => {
    const { dps, client } = await judged(context);
    let stepMs = 0;
    const owner = client('owner', ownerKey, { now: () => Date.now() + stepMs, refuseEmulator: true });
    await owner.createMany([document]);
    stepMs = 3 * dayMs;
    await failsWith(owner.createMany([document]), 'clock-wrong', true);
    stepMs = 0;
    await owner.createMany([document]);
    const [query, bulk] = ['/enrollments/query 200', '/enrollments/ 200'];
    assert.deepEqual(dps.answers, [query, bulk, query, query, bulk]);
  });

  it('O7 takes no time from an answer that was kept on the way', async context => {
    const Date1999 = 'Fri, 31 Dec 1999 23:59:59 GMT';
    const server = await serve(context, json([], 200, { Date: Date1999, Age: '60' }));
    const client = server.client();
    await client.probe();
    assert.equal(client.skewMs, undefined);
  });

  for (const [what, from, to] of [
    ['years late', 2 * 365 * dayMs, 3 * 365 * dayMs],
    ['years ahead', -3 * 365 * dayMs, -2 * 365 * dayMs],
  ] as const) {
    it(`O7 names a clock that is ${what} where TLS fails already`, async context => {
      const identity = { notBefore: Date.now() + from, notAfter: Date.now() + to };
      const server = await serve(context, json([]), identity);
      const error = await failsWith(server.client().probe(), 'clock-wrong', true);
      const year = new Date().getUTCFullYear();
      assert.match(
        error.message,
        new RegExp(`says ${year}-.*valid from ${new Date(identity.notBefore).getUTCFullYear()}-`),
      );
    });
  }

  it('blames the certificate, not the clock, where it ran out lately', async context => {
    const server = await serve(context, json([]), {
      notBefore: Date.now() - 90 * dayMs,
      notAfter: Date.now() - dayMs,
    });
    await failsWith(server.client().probe(), 'tls', true);
  });
});

describe('what a refused key means', () => {
  it('a wrong key, or a policy that DPS does not have, is unauthorized', async context => {
    const { client } = await judged(context);
    await failsWith(client('owner', readerKey).createMany([document]), 'unauthorized', false);
    await failsWith(client('nobody', ownerKey).probe(), 'unauthorized', false);
  });

  it('a key that reads and may not write is forbidden to', async context => {
    const { client } = await judged(context);
    const reader = client('reader', readerKey);
    await failsWith(reader.createMany([document]), 'forbidden', false);
    await failsWith(reader.remove('x', 'e'), 'forbidden', false);
    await reader.probe();
  });

  it('a key that was taken before was withdrawn', async context => {
    const { dps, client } = await judged(context);
    let accepted = 0;
    const owner = client('owner', ownerKey, { onAccepted: () => accepted++ });
    await owner.createMany([document]);
    await owner.probe();
    assert.equal(accepted, 1);
    dps.policies.delete('owner');
    await failsWith(owner.createMany([document]), 'access-revoked', false);
    await failsWith(owner.probe(), 'access-revoked', false);
    const later = client('owner', ownerKey, { acceptedBefore: true });
    await failsWith(later.createMany([document]), 'access-revoked', false);
  });
});

describe('the access token', () => {
  it('is signed once for many requests', async context => {
    const { dps, client } = await judged(context);
    const owner = client('owner', ownerKey);
    for (let n = 0; n < 5; n++) await owner.probe();
    assert.equal(new Set(dps.tokens).size, 1);
    assert.ok(dps.answers.every(answer => answer.endsWith('200')));
  });

  it('is signed again before it ends', async context => {
    const { dps, client } = await judged(context);
    let passedMs = 0;
    const owner = client('owner', ownerKey, { now: () => Date.now() + passedMs });
    for (const minutes of [0, 49, 51, 99, 110]) {
      // Both clocks go on together: no skew.
      passedMs = minutes * 60_000;
      dps.aheadMs = passedMs;
      await owner.probe();
      await owner.probe();
    }
    assert.ok(dps.answers.every(answer => answer.endsWith('200')));
    assert.ok(new Set(dps.tokens).size <= 6);
  });
});

describe('the connections', () => {
  it('one TLS handshake serves calls that are far apart, and a dropped connection is resumed', async context => {
    const server = await serve(context, json([]));
    const client = server.client();
    for (let n = 0; n < 3; n++) {
      await client.probe();
      await new Promise(resolve => setTimeout(resolve, 30));
    }
    assert.deepEqual(server.handshakes, { full: 1, resumed: 0 });
    server.hangUp();
    while ((await server.connections()) > 0) await new Promise(resolve => setImmediate(resolve));
    // The end of the connection may be seen only when it is used.
    await client.probe().catch(() => client.probe());
    assert.deepEqual(server.handshakes, { full: 1, resumed: 1 });
  });
});
