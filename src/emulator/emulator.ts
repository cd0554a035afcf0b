/**
 * The DPS emulator: a DPS instance on loopback with real TLS, to rehearse a line without Azure. It holds one instance's
 * identity (id scope, policies, certificates) in a folder and its enrollments in a SQLite file or in memory.
 */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { openInstance, ownerPolicy } from './access-policies.ts';
import { openServerIdentity } from './certificates.ts';
import { EnrollmentStore } from './enrollment-store.ts';
import { ArmedFaults } from './faults/armed-faults.ts';
import { requestListener } from './server.ts';

export interface EmulatorOptions {
  /** Folder of the CA, the keys and the policies; made (0700) where it is missing. */
  readonly dir: string;
  /** SQLite file of the enrollments and counts; absent = memory, gone at the end. */
  readonly stateFile?: string | undefined;
  /** TCP port on 127.0.0.1; absent or 0 = any free one. */
  readonly port?: number | undefined;
  /** Is told of defects of the emulator itself. Default: standard error. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
}

export interface RunningEmulator {
  /** `https://localhost:PORT` */
  readonly serviceUrl: string;
  /** Of the policy with every right; HostName carries the port. */
  readonly connectionString: string;
  readonly idScope: string;
  /** `localhost:PORT` */
  readonly globalEndpoint: string;
  /** PEM file of the CA to trust. */
  readonly caFile: string;
  readonly port: number;
  /** The connection string of a policy by name (see access-policies.ts). Throws for an unknown one. */
  connectionStringOf(policyName: string): string;
  /** Closes the listener and every connection: the next connect is refused. */
  stopListening(): Promise<void>;
  /** Listens again on the same port. */
  listenAgain(): Promise<void>;
  /** Ends everything; open connections are cut. */
  close(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const instance = openInstance(options.dir);
  const identity = await openServerIdentity(options.dir);
  const store = new EnrollmentStore(options.stateFile);
  const faults = new ArmedFaults();
  const closing = new AbortController();
  const hosts: string[] = [];
  const server = createServer(
    { cert: identity.certificate, key: identity.privateKey },
    requestListener(
      {
        service: { store, policies: instance.policies, hosts },
        store,
        faults,
        closing: closing.signal,
      },
      options.onDefect ?? (error => console.error('dps-emulator: defect:', error)),
    ),
  );
  const sockets = new Set<Socket>(); // also those still in the TLS handshake, which the HTTP server does not count
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const stopListening = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  try {
    await listen(options.port ?? 0);
  } catch (error) {
    store.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  hosts.push(...['localhost', '127.0.0.1', '[::1]'].flatMap(name => [name, `${name}:${port}`]));
  const connectionStringOf = (policyName: string) => {
    const policy = instance.policies.find(candidate => candidate.name === policyName);
    if (policy === undefined) throw new RangeError(`no policy is named ${policyName}`);
    return `HostName=localhost:${port};SharedAccessKeyName=${policy.name};SharedAccessKey=${policy.key}`;
  };
  return {
    serviceUrl: `https://localhost:${port}`,
    connectionString: connectionStringOf(ownerPolicy),
    idScope: instance.idScope,
    globalEndpoint: `localhost:${port}`,
    caFile: identity.caFile,
    port,
    connectionStringOf,
    stopListening,
    listenAgain: () => listen(port),
    close: async () => {
      closing.abort();
      await stopListening();
      store.close();
    },
  };
}
