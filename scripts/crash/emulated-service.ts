/** The DPS of one life: Keyline's emulator in a process of its own, kept on disk, that can be killed and started again. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { tokenOf } from './service-token.ts';
import { launch } from './station-process.ts';

export interface EnrollmentCounts {
  readonly registrationId: string;
  readonly created: number;
  readonly overwritten: number;
  readonly repeatedCreates: number;
  readonly deleted: number;
}
export interface ServiceState {
  readonly enrollments: readonly EnrollmentCounts[];
  readonly requests: number;
}
/** What of an enrollment the harness changes, and what must never change. */
export interface EnrollmentRecord {
  readonly registrationId: string;
  readonly provisioningStatus?: string;
  readonly initialTwin?: { readonly tags?: { readonly revision?: number } };
  readonly attestation?: { readonly tpm?: { readonly endorsementKey?: string } };
}
export interface Fault {
  readonly kind: string;
  readonly [parameter: string]: unknown;
}

interface ArmedFault {
  readonly id: number;
  readonly kind: string;
  readonly requests?: number;
  readonly struck: number;
}

const answerMs = 10_000;
/** Longer than any fault refuses connections. */
const refusedMs = 3_000;
const againMs = 25;
const mostRecords = 1000;

export class EmulatedService {
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #url = '';
  #connectionString = '';
  #caFile = '';
  #armed: ArmedFault[] = [];
  /** Enrollments of lives that are over. */
  #past: ReadonlySet<string> = new Set();
  #pastRequests = 0;
  /** Faults that struck, by kind. */
  readonly struck = new Map<string, number>();

  private constructor(folder: string, environment: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(
    folder: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<EmulatedService> {
    const service = new EmulatedService(folder, environment);
    await service.restart();
    return service;
  }

  /** For the stations that are to use it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      KEYLINE_REHEARSAL: '1',
      KEYLINE_DPS_CONNECTION_STRING: this.#connectionString,
      KEYLINE_DPS_CA_FILE: this.#caFile,
    };
  }

  /** On the port that it had before. */
  async restart(): Promise<void> {
    const port = this.#url === '' ? [] : ['--port', new URL(this.#url).port];
    const child = launch(['--json', '--data-dir', this.#folder, 'dps-emulator', ...port], this.#environment);
    this.#child = child;
    child.stderr!.resume();
    const lines = createInterface({ input: child.stdout! });
    const line = await Promise.race([
      once(lines, 'line').then(([text]) => text as string),
      once(child, 'exit').then(() => undefined),
    ]);
    if (line === undefined) throw new Error('the emulator did not start');
    const told = JSON.parse(line) as { serviceUrl?: string; connectionString: string; caFile: string };
    if (told.serviceUrl === undefined) throw new Error(`the emulator did not start: ${line}`);
    this.#url = told.serviceUrl;
    this.#connectionString = told.connectionString;
    this.#caFile = told.caFile;
  }

  /** kill -9 */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    // They go with it.
    this.#armed = [];
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async arm(faults: readonly Fault[]): Promise<void> {
    for (const fault of faults)
      this.#armed.push((await this.#control('POST', 'faults', fault)) as ArmedFault);
  }

  /** Takes all faults away and remembers how often they struck. */
  async clear(): Promise<void> {
    const left = (await this.#control('GET', 'faults')) as readonly ArmedFault[];
    for (const { id, kind, requests } of this.#armed) {
      // One that struck as often as it may is gone by itself.
      const times = left.find(each => each.id === id)?.struck ?? requests ?? 1;
      this.struck.set(kind, (this.struck.get(kind) ?? 0) + times);
    }
    this.#armed = [];
    await this.#control('DELETE', 'faults');
  }

  /** Of the present life. */
  async state(): Promise<ServiceState> {
    const { enrollments, requests } = await this.#wholeState();
    return {
      enrollments: enrollments.filter(({ registrationId }) => !this.#past.has(registrationId)),
      requests: requests - this.#pastRequests,
    };
  }

  /** Another life begins, with devices of its own. */
  async beginLife(): Promise<void> {
    const { enrollments, requests } = await this.#wholeState();
    this.#past = new Set(enrollments.map(({ registrationId }) => registrationId));
    this.#pastRequests = requests;
  }

  async #wholeState(): Promise<ServiceState> {
    return (await this.#control('GET', 'state')) as ServiceState;
  }

  /** A fault may refuse connections for a while, these too. */
  async #control(method: string, resource: string, body?: unknown): Promise<unknown> {
    const givesUpAt = performance.now() + refusedMs;
    for (;;) {
      try {
        return await this.#ask(method, resource, body);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const isAway = code === 'ECONNREFUSED' || code === 'ECONNRESET';
        if (!isAway || performance.now() > givesUpAt) throw error;
        await pause(againMs);
      }
    }
  }

  #ask(method: string, resource: string, body: unknown): Promise<unknown> {
    return this.#send({ method, path: `/$emulator/${resource}`, body, headers: {} });
  }

  /** Its enrollments as DPS answers them, by the service API. */
  async records(): Promise<readonly EnrollmentRecord[]> {
    return (await this.#send({
      method: 'POST',
      path: '/enrollments/query?api-version=2021-10-01',
      body: { query: 'SELECT *' },
      headers: {
        Authorization: tokenOf(this.#connectionString),
        'x-ms-max-item-count': String(mostRecords),
      },
    })) as EnrollmentRecord[];
  }

  #send(call: {
    readonly method: string;
    readonly path: string;
    readonly body: unknown;
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<unknown> {
    const { port } = new URL(this.#url);
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port,
          servername: 'localhost',
          ca: readFileSync(this.#caFile),
          agent: false,
          timeout: answerMs,
          method: call.method,
          path: call.path,
          headers: { Host: `localhost:${port}`, 'Content-Type': 'application/json', ...call.headers },
        },
        reply => {
          let text = '';
          reply.setEncoding('utf8').on('data', part => {
            text += part;
          });
          reply.on('error', reject);
          reply.on('end', () => {
            const status = reply.statusCode ?? 0;
            if (status >= 300) reject(new Error(`the emulator answered ${status} to ${call.path}: ${text}`));
            else resolve(text === '' ? undefined : JSON.parse(text));
          });
        },
      );
      asked.on('timeout', () => asked.destroy(new Error('the emulator does not answer')));
      asked.on('error', reject);
      asked.end(call.body === undefined ? undefined : JSON.stringify(call.body));
    });
  }
}
