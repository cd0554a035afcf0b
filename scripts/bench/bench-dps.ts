/** The responder as a process, and clients for it: Keyline's over Microsoft's SDK, and plain node:https beside it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseConnectionString } from '../../src/dps/connection-string.ts';
import type { EnrollmentDocument } from '../../src/dps/service.ts';
import { ServiceClient } from '../../src/dps/service-client.ts';
import { widest } from '../../src/outbox/request-width.ts';

export interface DpsCounts {
  readonly calls: number;
  readonly refused: number;
  readonly enrollments: number;
}

export interface BenchDps {
  readonly connectionString: string;
  connect(): ServiceClient;
  /** Bulk creation without the SDK; the authorisation is made once. */
  readonly plain: { create(documents: readonly EnrollmentDocument[]): Promise<void> };
  /** A PUT with the SDK's own method, for what a loop over single enrollments costs. */
  put(document: EnrollmentDocument): Promise<void>;
  /** Since the last time. */
  counts(): Promise<DpsCounts>;
  close(): Promise<void>;
}

export interface BenchDpsOptions {
  readonly folder: string;
  readonly replyMs: number;
  readonly budget?: { readonly operations: number; readonly windowMs: number };
}

const responder = fileURLToPath(new URL('dps-responder.ts', import.meta.url));
const key = Buffer.alloc(32, 1).toString('base64');

export async function startBenchDps({ folder, replyMs, budget }: BenchDpsOptions): Promise<BenchDps> {
  const limits = budget ? [budget.operations, budget.windowMs] : [];
  const child = spawn(process.execPath, [responder, folder, replyMs, ...limits].map(String), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { port, caFile } = JSON.parse(line) as { port: number; caFile: string };
  const ca = readFileSync(caFile, 'utf8');
  const connectionString = `HostName=localhost:${port};SharedAccessKeyName=bench;SharedAccessKey=${key}`;
  const connection = parseConnectionString(connectionString);
  const agent = new Agent({ keepAlive: true, maxSockets: widest, ca });
  const call = (method: string, path: string, body: unknown) =>
    new Promise<string>((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': Buffer.byteLength(text),
        Authorization: 'SharedAccessSignature sr=localhost&sig=x&se=4102444800&skn=bench',
      };
      const sent = request({ host: 'localhost', port, method, path, headers, agent }, answer => {
        let said = '';
        answer.setEncoding('utf8').on('data', chunk => {
          said += chunk;
        });
        answer.on('end', () => resolve(said));
      });
      sent.on('error', reject).end(text);
    });
  const version = 'api-version=2021-10-01';
  return {
    connectionString,
    connect: () => new ServiceClient({ connection, ca, maxSockets: widest }),
    plain: {
      create: async documents => {
        const answer = JSON.parse(
          await call('POST', `/enrollments?${version}`, { mode: 'create', enrollments: documents }),
        );
        if (!answer.isSuccessful) throw new Error('the responder refused');
      },
    },
    put: async document => {
      JSON.parse(await call('PUT', `/enrollments/${document.registrationId}?${version}`, document));
    },
    counts: async () => JSON.parse(await call('GET', '/counts', undefined)) as DpsCounts,
    close: async () => {
      agent.destroy();
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
