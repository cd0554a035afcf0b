/** `keyline dps-emulator` in a process of its own, that can be killed, and a client that keeps its connections. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Announcement } from '../../src/emulator/standalone.ts';
import { tokenOf } from './running-emulator.ts';

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export class EmulatorProcess {
  readonly announced: Announcement;
  readonly #child: ChildProcess;
  readonly #agent: Agent;
  readonly #token: string;

  private constructor(child: ChildProcess, announced: Announcement, connections: number) {
    this.#child = child;
    this.announced = announced;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, ca: readFileSync(announced.caFile) });
    this.#token = tokenOf(announced.connectionString);
  }

  /** @param dataDir where it keeps its folder */
  static async start(dataDir: string, connections = 8): Promise<EmulatorProcess> {
    const args = [program, '--json', '--data-dir', dataDir, 'dps-emulator'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout! }), 'line'),
      once(child, 'exit'),
    ]);
    assert.equal(typeof line, 'string', `it ended: ${line}`);
    return new EmulatorProcess(child, JSON.parse(line), connections);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Bytes that it holds in memory. */
  memory(): number {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1]) * 1024;
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#agent.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }

  /** One call of the service or control API; rejects where it gets no whole answer. */
  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    return new Promise<{ status: number; text: string; continuation: string | undefined }>(
      (resolve, reject) => {
        const url = `${this.announced.serviceUrl}${path}`;
        const call = request(
          url,
          {
            method,
            agent: this.#agent,
            headers: { Authorization: this.#token, 'Content-Type': 'application/json', ...headers },
          },
          response => {
            const chunks: Buffer[] = [];
            response.on('data', chunk => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                text: Buffer.concat(chunks).toString(),
                continuation: response.headers['x-ms-continuation'] as string | undefined,
              }),
            );
          },
        );
        call.on('error', reject);
        call.end(body === undefined ? undefined : JSON.stringify(body));
      },
    );
  }

  async bulkCreate(enrollments: readonly unknown[]): Promise<void> {
    const { status, text } = await this.call('POST', '/enrollments?api-version=2021-10-01', {
      mode: 'create',
      enrollments,
    });
    assert.deepEqual([status, text], [200, '{"errors":[],"isSuccessful":true}']);
  }

  async state(query = '') {
    const { status, text } = await this.call('GET', `/$emulator/state${query}`);
    assert.equal(status, 200, text);
    return JSON.parse(text);
  }
}
