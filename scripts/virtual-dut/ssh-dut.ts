/**
 * A DUT behind SSH: a real sshd on a free loopback port, with a host key, a user and an environment of its own. It runs
 * without root, as a user that only nss_wrapper knows, so that permissions count also where the tests run as root.
 */
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ssh2 from 'ssh2';
import type { SshAccess } from '../../src/tcti/ssh-access.ts';
import { unpackedSshd } from '../setup/unpacked-sshd.mjs';

/** Undefined where set-up has not unpacked one: no DUT can be started then. */
export const sshd = unpackedSshd(fileURLToPath(new URL('../..', import.meta.url)));

type Later = (action: () => unknown) => void;

/** How the DUT reaches its TPM: with tpm2-tools, or with a PATH that holds dd and nothing more. */
export type Way = 'tpm2_send' | 'dd';

export interface SshDut {
  readonly port: number;
  /** Conf string of its bridge. */
  readonly conf: string;
  readonly identityFile: string;
  /** `SHA256:…` */
  readonly hostKey: string;
  /** The user's key, and the host key pinned. */
  readonly access: SshAccess;
  /** What sshd wrote. */
  log(): string;
  /** Ends sshd before the test does. */
  stop(): Promise<void>;
}

export interface SshDutOptions {
  readonly way: Way;
  /** TPM2TOOLS_TCTI on the DUT. */
  readonly tcti: string;
  /** Further programs on the DUT's PATH, by name: text of a shell script. Only with `dd`. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly port?: number;
}

const NOBODY = 65_534;
const asRoot = process.getuid?.() === 0;
const uid = asRoot ? NOBODY : (process.getuid?.() ?? NOBODY);
const gid = asRoot ? NOBODY : (process.getgid?.() ?? NOBODY);

/** What the user on the DUT can enter or open: theirs. */
export async function giveToDut(path: string, mode: number): Promise<void> {
  if (asRoot) await chown(path, uid, gid);
  await chmod(path, mode);
}

export interface SshKey {
  readonly private: string;
  readonly public: string;
  readonly fingerprint: string;
}

export function makeKey(): SshKey {
  const pair = readableKeyPair();
  const blob = Buffer.from(pair.public.split(' ')[1]!, 'base64');
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return { private: pair.private, public: pair.public, fingerprint: `SHA256:${digest}` };
}

/** Pins the fingerprint; of the credentials only this key. */
export function accessWith(identityFile: string, hostKey: string): SshAccess {
  return {
    credentials: [{ kind: 'key-file', path: identityFile }],
    hostKeys: { known: () => hostKey, record: () => hostKey },
  };
}

/** Resolves when it listens; ends with the test. */
export async function startSshDut(options: SshDutOptions, later: Later): Promise<SshDut> {
  const folder = await mkdtemp(join(tmpdir(), 'keyline-sshd-'));
  later(() => rm(folder, { recursive: true, force: true }));
  await giveToDut(folder, 0o755);
  const hostKey = makeKey();
  const userKey = makeKey();
  const put = async (name: string, text: string, mode = 0o644) => {
    const file = join(folder, name);
    await writeFile(file, text);
    await giveToDut(file, mode);
    return file;
  };
  const identityFile = join(folder, 'identity');
  await writeFile(identityFile, userKey.private, { mode: 0o600 });
  const programs = await makePath(join(folder, 'bin'), options);
  const path = options.way === 'dd' ? programs : `${programs}:${process.env.PATH}`;
  const configuration = await put(
    'sshd_config',
    [
      'ListenAddress 127.0.0.1',
      `HostKey ${await put('host-key', hostKey.private, 0o600)}`,
      `AuthorizedKeysFile ${await put('authorized', `${userKey.public}\n`)}`,
      'AuthenticationMethods publickey',
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      `SetEnv TPM2TOOLS_TCTI=${options.tcti} PATH=${path}`,
      ...sessionPrograms(),
    ].join('\n'),
  );
  const env = {
    LD_PRELOAD: sshd!.nssWrapper,
    LD_LIBRARY_PATH: sshd!.libraries,
    NSS_WRAPPER_PASSWD: await put('passwd', `dut:x:${uid}:${gid}::${folder}:/bin/sh\n`),
    NSS_WRAPPER_GROUP: await put('group', `dut:x:${gid}:\n`),
  };
  const { port, ...server } = await listenSomewhere(configuration, options.port, env);
  later(server.stop);
  return {
    port,
    conf: `ssh:dut@127.0.0.1:${port}`,
    identityFile,
    hostKey: hostKey.fingerprint,
    access: accessWith(identityFile, hostKey.fingerprint),
    ...server,
  };
}

async function makePath(folder: string, { programs = {} }: SshDutOptions): Promise<string> {
  await mkdir(folder);
  await symlink('/bin/dd', join(folder, 'dd'));
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await giveToDut(join(folder, name), 0o755);
  }
  await giveToDut(folder, 0o755);
  return folder;
}

/** From OpenSSH 9.8 on sshd runs programs of its own for a session, from 10.0 on also for the sign-in. */
function sessionPrograms(): string[] {
  return [
    ['SshdSessionPath', 'sshd-session'],
    ['SshdAuthPath', 'sshd-auth'],
  ]
    .map(([option, name]) => ({ option, file: join(sshd!.libexec, name!) }))
    .filter(({ file }) => existsSync(file))
    .map(({ option, file }) => `${option} ${file}`);
}

/** Another program may take a port between our choice and sshd's bind. */
async function listenSomewhere(configuration: string, wanted: number | undefined, env: NodeJS.ProcessEnv) {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? randomInt(10_000, 32_000);
    try {
      return { port, ...(await listen(configuration, port, env)) };
    } catch (error) {
      if (wanted !== undefined || attempt === 10) throw error;
    }
  }
}

async function listen(
  configuration: string,
  port: number,
  env: NodeJS.ProcessEnv,
): Promise<Pick<SshDut, 'log' | 'stop'>> {
  const child = spawn(sshd!.sshd, ['-D', '-e', '-p', `${port}`, '-f', configuration], {
    ...(asRoot ? { uid, gid } : {}),
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'close');
  const stop = async () => {
    child.kill();
    child.stderr.destroy();
    await gone;
  };
  let said = '';
  const listening = new Promise<void>(resolve => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
      if (said.includes('Server listening on')) resolve();
    });
  });
  const ended = gone.then(() => Promise.reject(new Error(`sshd did not start: ${said}`)));
  ended.catch(() => {});
  try {
    await Promise.race([listening, ended]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { log: () => said, stop };
}

/** ssh2 1.17.0 writes some Ed25519 keys (21 of 3,000 tried) so that it cannot read them again: such a one is thrown away. */
function readableKeyPair(): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    const parsed = [ssh2.utils.parseKey(pair.private), ssh2.utils.parseKey(pair.public)];
    if (!parsed.some(key => key instanceof Error)) return pair;
  }
}
