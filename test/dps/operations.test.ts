/** Update, delete and paging through Microsoft's SDK: what goes over the wire, and what each answer means. */
import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { describe, it } from 'node:test';
import type { TaggedEnrollment } from '../../src/dps/service.ts';
import { makeEntry } from '../outbox/entries.ts';
import { bodyOf, failsWith, failure, json, sendJson, serve } from './answering.ts';

const tagged: TaggedEnrollment = {
  ...makeEntry({ registrationId: 'device-1' }).document,
  etag: 'IjAwMDAi',
};
const record = (registrationId: string) => ({ registrationId, attestation: tagged.attestation });

describe('ServiceClient.updateMany', () => {
  it('sends one bulk operation that each enrollment’s own etag guards', async context => {
    let sent: unknown;
    const server = await serve(context, async (request, response) => {
      sent = await bodyOf(request);
      sendJson(response, { isSuccessful: true, errors: [] });
    });
    assert.deepEqual(await server.client().updateMany([tagged]), { isSuccessful: true, errors: [] });
    assert.deepEqual(sent, { mode: 'updateIfMatchETag', enrollments: [tagged] });
  });

  it('hands on the error of each item', async context => {
    const errors = [{ registrationId: 'device-1', errorCode: 412000, errorStatus: 'Precondition failed' }];
    const server = await serve(context, json({ isSuccessful: false, errors }));
    assert.deepEqual(await server.client().updateMany([tagged]), { isSuccessful: false, errors });
  });
});

describe('ServiceClient.remove', () => {
  it('deletes what has the etag, and says so', async context => {
    const seen: (string | undefined)[][] = [];
    const server = await serve(context, (request, response) => {
      seen.push([request.method, request.url, request.headers['if-match']]);
      response.writeHead(204).end();
    });
    assert.equal(await server.client().remove('a:b', 'IjAwMDAi'), true);
    assert.deepEqual(seen, [['DELETE', '/enrollments/a%3Ab?api-version=2021-10-01', 'IjAwMDAi']]);
  });

  it('says false where there is none, in DPS’s own words only', async context => {
    const server = await serve(context, (request, response) => {
      if (request.url?.includes('gone')) sendJson(response, { errorCode: 404201, message: 'x' }, 404);
      else response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>404</h1>');
    });
    assert.equal(await server.client().remove('gone', 'e'), false);
    await failsWith(server.client().remove('elsewhere', 'e'), 'answer-malformed', false);
  });

  it('deletes nothing that was changed meanwhile', async context => {
    const server = await serve(context, json({ errorCode: 412000, message: 'Precondition failed' }, 412));
    await failsWith(server.client().remove('device-1', 'IjAwMDAi'), 'etag-mismatch', false);
  });

  it('S5 deletes nothing in an emulator from a production ledger', async context => {
    const methods: (string | undefined)[] = [];
    const server = await serve(context, (request, response) => {
      methods.push(request.method);
      sendJson(response, [], 200, { Server: 'keyline-dps-emulator/1' });
    });
    const client = server.client({ refuseEmulator: true });
    await failsWith(client.remove('device-1', 'e'), 'emulator-refused', true);
    await failsWith(client.updateMany([tagged]), 'emulator-refused', true);
    assert.deepEqual(methods, ['POST', 'POST']);
  });
});

describe('ServiceClient.page', () => {
  it('goes on with the token of the page before, to a last page without one', async context => {
    const asked: (string | undefined)[] = [];
    const sizes: IncomingHttpHeaders[string][] = [];
    const server = await serve(context, (request, response) => {
      const token = request.headers['x-ms-continuation'] as string | undefined;
      asked.push(token);
      sizes.push(request.headers['x-ms-max-item-count']);
      const at = token === undefined ? 0 : Number(token.slice(1));
      const headers: Record<string, string> = at < 2 ? { 'x-ms-continuation': `t${at + 1}` } : {};
      sendJson(response, [record(`device-${at}`)], 200, headers);
    });
    const client = server.client();
    const ids: unknown[] = [];
    let continuation: string | undefined;
    do {
      const page = await client.page(7, continuation);
      ids.push(...page.records.map(each => each.registrationId));
      continuation = page.continuation;
    } while (continuation !== undefined);
    assert.deepEqual(ids, ['device-0', 'device-1', 'device-2']);
    assert.deepEqual(asked, [undefined, 't1', 't2']);
    assert.deepEqual(sizes, ['7', '7', '7']);
  });

  it('takes an empty token for the end', async context => {
    const server = await serve(context, json([record('device-1')], 200, { 'x-ms-continuation': '' }));
    const page = await server.client().page(10);
    assert.deepEqual(Object.keys(page), ['records']);
  });

  it('is nothing but a list of objects', async context => {
    for (const wrong of [{ items: [] }, [1], ['x'], [null], [[]]]) {
      const server = await serve(context, json(wrong));
      assert.equal((await failure(server.client().page(10))).code, 'answer-malformed');
    }
  });
});
