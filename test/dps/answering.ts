/** What tests of the DPS client share: servers that answer as told, and failures as they are expected. */
import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { DpsError, type DpsErrorCode } from '../../src/dps/errors.ts';
import { HostileServer } from './hostile-server.ts';
import type { IdentityWishes } from './server-identity.ts';

export async function serve(
  context: TestContext,
  answer: RequestListener,
  identity: IdentityWishes = {},
): Promise<HostileServer> {
  const server = await HostileServer.start(answer, identity);
  context.after(() => server.close());
  return server;
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): RequestListener {
  return (_, response) => sendJson(response, body, status, headers);
}

export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

export async function failure(call: Promise<unknown>): Promise<DpsError> {
  const error = await call.then(
    () => assert.fail('the call should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DpsError, String(error));
  return error;
}

export async function failsWith(
  call: Promise<unknown>,
  code: DpsErrorCode,
  notSent: boolean,
): Promise<DpsError> {
  const error = await failure(call);
  assert.deepEqual([error.code, error.notSent], [code, notSent]);
  return error;
}

export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}
