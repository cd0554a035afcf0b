/** A DPS for a test: the real emulator over TLS, its faults and counts, and Microsoft's SDK in front of it. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { parseConnectionString } from '../../src/dps/connection-string.ts';
import type { EnrollmentService } from '../../src/dps/service.ts';
import { ServiceClient, type ServiceClientOptions } from '../../src/dps/service-client.ts';
import { type RunningEmulator, startEmulator } from '../../src/emulator/emulator.ts';

export interface EnrollmentCount {
  readonly registrationId: string;
  readonly created: number;
  readonly overwritten: number;
  readonly repeatedCreates: number;
}

export interface EmulatorState {
  readonly enrollments: readonly EnrollmentCount[];
  readonly requests: number;
  readonly throttled: number;
}

export class EmulatedDps {
  readonly emulator: RunningEmulator;
  readonly #directory: string;
  readonly #agent: Agent;
  readonly #ca: string;
  readonly #services: EnrollmentService[] = [];

  private constructor(emulator: RunningEmulator, directory: string) {
    this.emulator = emulator;
    this.#directory = directory;
    this.#ca = readFileSync(emulator.caFile, 'utf8');
    this.#agent = new Agent({ ca: this.#ca });
  }

  static async start(): Promise<EmulatedDps> {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'keyline-dps-'));
    return new EmulatedDps(await startEmulator({ dir: directory }), directory);
  }

  connect(wishes: Partial<ServiceClientOptions> = {}): EnrollmentService {
    const connection = parseConnectionString(this.emulator.connectionString);
    const service = new ServiceClient({ connection, ca: this.#ca, ...wishes });
    this.#services.push(service);
    return service;
  }

  async arm(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await this.control('POST', 'faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.control('DELETE', 'faults');
  }

  async state(): Promise<EmulatorState> {
    return JSON.parse(await this.control('GET', 'state')) as EmulatorState;
  }

  async close(): Promise<void> {
    for (const service of this.#services) service.close();
    this.#agent.destroy();
    await this.emulator.close();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** The emulator's own paths under `/$emulator/`; the text of the answer. */
  control(method: string, resource: string, body?: unknown): Promise<string> {
    return new Promise((resolve, reject) => {
      const url = `${this.emulator.serviceUrl}/$emulator/${resource}`;
      const headers = { 'Content-Type': 'application/json' };
      const call = request(url, { method, headers, agent: this.#agent }, answer => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', chunk => (text += chunk));
        answer.on('end', () =>
          (answer.statusCode ?? 500) < 300
            ? resolve(text)
            : reject(new Error(`${answer.statusCode} ${text}`)),
        );
      });
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
