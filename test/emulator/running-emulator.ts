/** An emulator for one test file, and a bare HTTPS client that signs its own tokens and sends exactly what it is told. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmulatorOptions, type RunningEmulator, startEmulator } from '../../src/emulator/emulator.ts';

export interface TestEmulator extends RunningEmulator {
  readonly dir: string;
  /** What the emulator called defects of its own; a test wants it empty. */
  readonly defects: unknown[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts one in a folder that goes with it: `await using emulator = await emulatorForTest()`. */
export async function emulatorForTest(options: Partial<EmulatorOptions> = {}): Promise<TestEmulator> {
  const made = options.dir ?? temporaryDirectory();
  const removeOwn = () => {
    if (options.dir === undefined) rmSync(made, { recursive: true });
  };
  const defects: unknown[] = [];
  const running = await startEmulator({
    ...options,
    dir: made,
    onDefect: error => defects.push(error),
  }).catch(error => {
    removeOwn();
    throw error;
  });
  return {
    ...running,
    dir: made,
    defects,
    [Symbol.asyncDispose]: async () => {
      await running.close();
      removeOwn();
    },
  };
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'keyline-emulator-'));
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what came, and fail where it is something else
  readonly json: any;
}

export interface HttpCall {
  readonly method: string;
  /** With the query; `api-version` is not added. */
  readonly path: string;
  /** A string or bytes go as they are; anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Record<string, string> | undefined;
}

/** Sends exactly this, over its own connection. Rejects where the connection is lost. */
export function send(emulator: RunningEmulator, call: HttpCall): Promise<HttpAnswer> {
  const body =
    call.body === undefined || typeof call.body === 'string' || Buffer.isBuffer(call.body)
      ? call.body
      : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: '127.0.0.1',
        port: emulator.port,
        servername: 'localhost',
        ca: readFileSync(emulator.caFile),
        agent: false,
        method: call.method,
        path: call.path,
        headers: {
          Host: `localhost:${emulator.port}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
          ...call.headers,
        },
      },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = /^application\/json/.test(response.headers['content-type'] ?? '');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: isJson ? JSON.parse(text) : undefined,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** A call of the emulator's own control API; fails where it refuses. */
export async function control(
  emulator: RunningEmulator,
  method: string,
  resource: string,
  body?: unknown,
): Promise<HttpAnswer['json']> {
  const answer = await send(emulator, { method, path: `/$emulator/${resource}`, body });
  if (answer.status >= 300) throw new Error(`${method} ${resource}: ${answer.status} ${answer.text}`);
  return answer.json;
}

/** A call of the service API with the owner's token and the current api-version. */
export function callService(
  emulator: RunningEmulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> {
  return send(emulator, {
    method,
    path: `${path}?api-version=2021-10-01`,
    body,
    headers: { Authorization: tokenOf(emulator.connectionString), ...headers },
  });
}

export interface TokenFields {
  readonly sr: string;
  readonly skn: string;
  readonly key: string;
  /** Unix seconds. */
  readonly se: number;
}

/** The token that a policy's connection string allows: this host, an hour. */
export function tokenOf(connectionString: string, changes: Partial<TokenFields> = {}): string {
  const { sr, sig, skn, se } = signedFields({ ...fieldsOf(connectionString), ...changes });
  return `SharedAccessSignature sr=${sr}&sig=${sig}&skn=${skn}&se=${se}`;
}

export function fieldsOf(connectionString: string): TokenFields {
  const parts = new Map(
    connectionString
      .split(';')
      .map(part => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  return {
    sr: 'localhost',
    skn: parts.get('SharedAccessKeyName') ?? '',
    key: parts.get('SharedAccessKey') ?? '',
    se: Math.floor(Date.now() / 1000) + 3600,
  };
}

export function signedFields(fields: TokenFields) {
  const sig = createHmac('sha256', Buffer.from(fields.key, 'base64'))
    .update(`${fields.sr}\n${fields.se}`)
    .digest('base64');
  return { sr: fields.sr, sig: encodeURIComponent(sig), skn: encodeURIComponent(fields.skn), se: fields.se };
}

/** Asks again until it holds; fails after five seconds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, 'it did not come about');
    await new Promise(resolve => setImmediate(resolve));
  }
}
