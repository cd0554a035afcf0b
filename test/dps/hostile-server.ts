/** A TLS server on loopback that answers as the test says, with a certificate that the client is told to trust. */
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { ServiceClient, type ServiceClientOptions } from '../../src/dps/service-client.ts';
import { type IdentityWishes, makeIdentity } from './server-identity.ts';

export class HostileServer {
  /** PEM of the CA to trust. */
  readonly ca: string;
  /** TLS handshakes that were done, resumed ones among them. */
  readonly handshakes = { full: 0, resumed: 0 };
  readonly #server: Server;
  readonly #clients: ServiceClient[] = [];

  private constructor(server: Server, ca: string) {
    this.#server = server;
    this.ca = ca;
  }

  static async start(answer: RequestListener, wishes: IdentityWishes = {}): Promise<HostileServer> {
    const { ca, cert, key } = await makeIdentity(wishes);
    const server = createServer({ cert, key }, answer);
    const hostile = new HostileServer(server, ca);
    server.on('secureConnection', socket => {
      hostile.handshakes[socket.isSessionReused() ? 'resumed' : 'full']++;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return hostile;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection, as a server does with an idle one. */
  hangUp(): void {
    this.#server.closeAllConnections();
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
    const client = new ServiceClient({ connection, ca: this.ca, deadlineMs: 5_000, ...wishes });
    this.#clients.push(client);
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
