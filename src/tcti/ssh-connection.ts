/**
 * One SSH connection to a DUT, on ssh2: the only file that knows this package, loaded when an `ssh:` bridge is opened.
 * The host proves its key before anything of ours goes out, and it must be the known one; at first contact it is
 * recorded after the sign-in. All that the other side says is untrusted; a message repeats it without control characters.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { AnyAuthMethod, Client, ClientChannel } from 'ssh2';
import { destroy } from './connect.ts';
import { TctiError } from './errors.ts';
import { printable } from './last-words.ts';
import type { HostKeys, SshAccess } from './ssh-access.ts';
import type { SshConf } from './tcti-conf.ts';

export type { ClientChannel } from 'ssh2';

/** How long `close` waits for the other side's goodbye. */
const GOODBYE_MS = 500;

type Ssh2 = typeof import('ssh2');

export class SshConnection {
  readonly #ssh2: Ssh2;
  readonly #socket: Socket;
  readonly #client: Client;
  /** Resolves with the reason when the connection is gone. */
  readonly gone: Promise<TctiError>;

  /** @param socket connected to the DUT; it goes with this connection */
  static async over(socket: Socket): Promise<SshConnection> {
    const { default: ssh2 } = await import('ssh2');
    return new SshConnection(ssh2, socket);
  }

  private constructor(ssh2: Ssh2, socket: Socket) {
    this.#ssh2 = ssh2;
    this.#socket = socket;
    this.#client = new ssh2.Client();
    let why = 'The DUT closed the connection';
    this.#client.on('error', error => {
      why = `The connection to the DUT broke off: ${printable(error.message)}`;
    });
    this.gone = new Promise(resolve => socket.once('close', () => resolve(new TctiError('closed', why))));
  }

  /** Rejects with TctiError; the caller closes the connection then. */
  async signIn({ user, host, port }: SshConf, { credentials, hostKeys }: SshAccess): Promise<void> {
    const place = `${host}:${port}`;
    const known = keptOrRefused(place, () => hostKeys.known(place));
    const { methods, unusable } = this.#methods(user, credentials);
    let shown = '';
    const signedIn = new Promise<void>((resolve, reject) => {
      void this.gone.then(() => reject(new TctiError('unreachable', `${place} hung up before the sign-in`)));
      this.#client.once('ready', resolve).on('error', error => {
        // An agent that fails is one way less: the next one is tried.
        if (error.level === 'agent') return;
        if (known !== undefined && shown !== '' && shown !== known) reject(otherHostKey(place, known, shown));
        else reject(signInError(place, user, error, unusable));
      });
    });
    this.#client.connect({
      sock: this.#socket,
      username: user,
      authHandler: methods,
      // The bridge's own deadline counts.
      readyTimeout: 0,
      hostVerifier: (key: Buffer) => {
        shown = fingerprintOf(key);
        return known === undefined || shown === known;
      },
    });
    await signedIn;
    if (known === undefined) recordFirstContact(place, shown, hostKeys);
  }

  /** Starts a command on the DUT, without a terminal; rejects with TctiError. */
  start(command: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      void this.gone.then(reject);
      const take = (error: Error | undefined, channel: ClientChannel) => {
        if (error === undefined) return resolve(channel);
        reject(
          new TctiError('not-permitted', `The DUT starts no program for us: ${printable(error.message)}`),
        );
      };
      try {
        this.#client.exec(command, take);
      } catch {
        // ssh2 throws where the connection is gone already: `gone` says how.
      }
    });
  }

  /** Says goodbye; a side that does not answer is left after a moment. Never rejects. */
  async close(): Promise<void> {
    this.#client.end();
    const moment = new AbortController();
    await Promise.race([this.gone, pause(GOODBYE_MS, undefined, { signal: moment.signal }).catch(() => {})]);
    moment.abort();
    await destroy(this.#socket);
  }

  /** Unusable keys are passed over, as ssh(1) does, and named if the sign-in fails. */
  #methods(username: string, credentials: SshAccess['credentials']) {
    // First without any, since a bare image may have a user without a password.
    const methods: AnyAuthMethod[] = [{ type: 'none', username }];
    const unusable: string[] = [];
    for (const credential of credentials) {
      if (credential.kind === 'agent') methods.push({ type: 'agent', username, agent: credential.socket });
      else if (credential.kind === 'password')
        methods.push({ type: 'password', username, password: credential.password });
      else {
        const key = this.#privateKey(credential.path);
        if (typeof key === 'string') unusable.push(key);
        else methods.push({ type: 'publickey', username, key });
      }
    }
    return { methods, unusable };
  }

  /** The key's file as it is; a text where it cannot be used, without anything of its content. */
  #privateKey(path: string): Buffer | string {
    let file: Buffer;
    try {
      file = readFileSync(path);
    } catch (cause) {
      return `${path}: ${(cause as NodeJS.ErrnoException).code}`;
    }
    const key = this.#ssh2.utils.parseKey(file);
    if (!(key instanceof Error)) return file;
    return `${path}: ${/passphrase|encrypted/i.test(key.message) ? 'has a passphrase' : 'is no private key'}`;
  }
}

/** OpenSSH's form of a host key's fingerprint. */
function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function recordFirstContact(place: string, shown: string, hostKeys: HostKeys): void {
  const recorded = keptOrRefused(place, () => hostKeys.record(place, shown));
  if (recorded !== shown) throw otherHostKey(place, recorded, shown);
}

function keptOrRefused<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TctiError('not-permitted', `The host key of ${place} cannot be kept: ${why}`, { cause });
  }
}

function otherHostKey(place: string, known: string, shown: string): TctiError {
  return new TctiError('host-key-mismatch', `${place} shows the host key ${shown}, known is ${known}`);
}

function signInError(
  place: string,
  user: string,
  cause: Error & { level?: string },
  unusable: readonly string[],
): TctiError {
  const said = printable(cause.message);
  if (cause.level === 'client-authentication') {
    const keys = unusable.length === 0 ? '' : ` (passed over: ${unusable.join(', ')})`;
    return new TctiError('not-permitted', `${place} does not let ${user} in: ${said}${keys}`, { cause });
  }
  if (cause.level === 'client-socket' || said.startsWith('Connection lost'))
    return new TctiError('unreachable', `${place} broke off before the sign-in: ${said}`, { cause });
  return new TctiError('frame-invalid', `No SSH as Keyline speaks it at ${place}: ${said}`, { cause });
}
