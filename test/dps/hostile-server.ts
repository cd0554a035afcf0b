/** A TLS server on loopback that answers as the test says, with a certificate that the client is told to trust. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ServiceClient, type ServiceClientOptions } from '../../src/dps/service-client.ts';
import { openServerIdentity } from '../../src/emulator/certificates.ts';

export class HostileServer {
  readonly #server: Server;
  readonly #directory: string;
  readonly #ca: string;
  readonly #clients: ServiceClient[] = [];

  private constructor(server: Server, directory: string, ca: string) {
    this.#server = server;
    this.#directory = directory;
    this.#ca = ca;
  }

  static async start(answer: RequestListener): Promise<HostileServer> {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'keyline-hostile-'));
    const identity = await openServerIdentity(directory);
    const server = createServer({ cert: identity.certificate, key: identity.privateKey }, answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileServer(server, directory, await readFile(identity.caFile, 'utf8'));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  }

  client(wishes: Partial<ServiceClientOptions> = {}): ServiceClient {
    const connection = {
      host: 'localhost',
      port: this.port,
      sharedAccessKeyName: 'keyline',
      sharedAccessKey: Buffer.from('secret').toString('base64'),
    };
    const client = new ServiceClient({ connection, ca: this.#ca, deadlineMs: 5_000, ...wishes });
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}
