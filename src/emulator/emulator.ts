/**
 * The DPS emulator: a DPS instance on loopback with real TLS, to rehearse a line without Azure. It holds one instance's
 * identity (id scope, policies, certificates) in a folder and its enrollments in a SQLite file or in memory.
 */
import { mkdirSync } from 'node:fs';
import { AccessPolicies, ownerPolicy } from './access-policies.ts';
import { BearerTokens } from './bearer-tokens.ts';
import { openServerIdentity } from './certificates.ts';
import { DeviceApi } from './device/device-api.ts';
import { EmulatorError } from './errors.ts';
import { ArmedFaults } from './faults/armed-faults.ts';
import type { Network } from './faults/fault.ts';
import { LoopbackListener } from './loopback-listener.ts';
import { OperationBudget, type ThrottleInput } from './operation-budget.ts';
import { requestListener } from './server.ts';
import { Store } from './store.ts';

export interface EmulatorOptions {
  /** Folder of the CA, the keys and the policies; made (0700) where it is missing. */
  readonly dir: string;
  /** SQLite file of the enrollments and counts; absent = memory, gone at the end. */
  readonly stateFile?: string | undefined;
  /** TCP port on 127.0.0.1; absent or 0 = any free one. */
  readonly port?: number | undefined;
  /** Operations per minute; absent = as many as come. Throws RangeError where it makes no sense. */
  readonly throttle?: ThrottleInput | undefined;
  /** Is told of defects of the emulator itself. Default: standard error. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
}

export interface RunningEmulator {
  /** `https://localhost:PORT` */
  readonly serviceUrl: string;
  /** Of the policy with every right, as it was at the start; HostName carries the port. */
  readonly connectionString: string;
  readonly idScope: string;
  /** `localhost:PORT` */
  readonly globalEndpoint: string;
  /** PEM file of the CA to trust. */
  readonly caFile: string;
  readonly port: number;
  /** The connection string of a policy's primary key as it is now. Throws RangeError for an unknown policy. */
  connectionStringOf(policyName: string): string;
  /** Closes the listener and every connection: the next connect is refused. */
  stopListening(): Promise<void>;
  /** Listens again on the same port. */
  listenAgain(): Promise<void>;
  /** Ends everything; open connections are cut. */
  close(): Promise<void>;
}

/** Starts it. Throws EmulatorError where the folder, the state file or the port cannot be used. */
export async function startEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const budget = budgetOf(options.throttle);
  const { policies, identity } = await openFolder(options.dir);
  const store = new Store(options.stateFile);
  const faults = new ArmedFaults();
  const closing = new AbortController();
  const hosts: string[] = [];
  const onDefect = options.onDefect ?? (error => console.error('dps-emulator: defect:', error));
  const bearerTokens = new BearerTokens();
  const network: Network = {
    refuseConnections: durationMs => void listener.refuseFor(durationMs, onDefect),
  };
  const connectionString = (policyName: string, key: string) =>
    `HostName=localhost:${port};SharedAccessKeyName=${policyName};SharedAccessKey=${key}`;
  const listener: LoopbackListener = new LoopbackListener(
    { cert: identity.certificate, key: identity.privateKey },
    requestListener(
      {
        device: new DeviceApi(policies.idScope, store),
        service: { store, budget, credentials: { policies, bearerTokens }, hosts },
        control: {
          parts: { store, faults, budget, policies, bearerTokens, network, connectionString },
          hosts,
        },
        faults,
        closing: closing.signal,
        resetConnection: socket => listener.reset(socket),
      },
      onDefect,
    ),
  );
  let port = 0;
  try {
    port = await listener.listen(options.port ?? 0);
  } catch (error) {
    store.close();
    throw new EmulatorError('port-unavailable', `cannot listen on 127.0.0.1:${options.port ?? 0}`, error);
  }
  hosts.push(...['localhost', '127.0.0.1', '[::1]'].flatMap(name => [name, `${name}:${port}`]));
  const connectionStringOf = (policyName: string) => {
    const policy = policies.find(policyName);
    if (policy === undefined) throw new RangeError(`no policy is named ${policyName}`);
    return connectionString(policy.name, policy.key);
  };
  return {
    serviceUrl: `https://localhost:${port}`,
    connectionString: connectionStringOf(ownerPolicy),
    idScope: policies.idScope,
    globalEndpoint: `localhost:${port}`,
    caFile: identity.caFile,
    port,
    connectionStringOf,
    stopListening: () => listener.stop(),
    listenAgain: async () => void (await listener.listen(port)),
    close: async () => {
      closing.abort();
      await listener.stop();
      store.close();
    },
  };
}

function budgetOf(throttle: ThrottleInput | undefined): OperationBudget {
  const budget = new OperationBudget();
  const limited = throttle === undefined ? undefined : budget.limit(throttle);
  if (typeof limited === 'string') throw new RangeError(limited);
  return budget;
}

async function openFolder(dir: string) {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return { policies: new AccessPolicies(dir), identity: await openServerIdentity(dir) };
  } catch (error) {
    if (error instanceof EmulatorError) throw error;
    throw new EmulatorError('folder-unusable', `${dir} cannot be used`, error);
  }
}
