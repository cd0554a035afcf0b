/**
 * Starts a real software TPM (swtpm(8)) as the TPM of a virtual DUT: data and control channel over TCP on loopback, the
 * control channel at port + 1, so that tpm2-tools reach it with the same conf string. It is there when this resolves:
 * its control channel has answered. It ends with `stop`, with this process, and where setpriv is installed also when
 * this process is killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface SwtpmOptions {
  /** Folder with the TPM's state; an empty one gives a TPM fresh from the wafer. */
  readonly stateDir: string;
  /** Data port; a free one below the ephemeral range unless given. The control port is the next one. */
  readonly port?: number;
  /** What swtpm does before the first command: Startup(CLEAR) as firmware would (the default), or nothing. */
  readonly startup?: 'clear' | 'none';
}

export interface Swtpm {
  readonly port: number;
  readonly controlPort: number;
  readonly pid: number;
  /** TCTI conf string for Keyline and for tpm2-tools (`-T` or TPM2TOOLS_TCTI). */
  readonly bridge: string;
  /** Ends it as power loss would end a TPM: without Shutdown. Idempotent; resolves when the process is gone. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const SETPRIV = '/usr/bin/setpriv';
const START_DEADLINE_MS = 10_000;
const PROBE_PAUSE_MS = 10;
const PORT_ATTEMPTS = 20;
/** CMD_GET_CAPABILITY of the control channel (swtpm_ioctls(3)): answered as soon as swtpm serves. */
const CONTROL_GET_CAPABILITY = Buffer.from([0, 0, 0, 1]);

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Throws when swtpm is missing, refuses its state, or finds no free port. */
export async function startSwtpm(options: SwtpmOptions): Promise<Swtpm> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePortPair());
    const process = new SwtpmProcess(port, options);
    try {
      await process.answers();
      return process.swtpm();
    } catch (error) {
      await process.stop();
      // Another program may have taken the port between our look and swtpm's bind.
      if (options.port !== undefined || attempt === PORT_ATTEMPTS || !process.portWasTaken()) throw error;
    }
  }
}

class SwtpmProcess {
  readonly #port: number;
  readonly #pidFile: string;
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  #stderr = '';
  #spawnError: Error | undefined;

  constructor(port: number, { stateDir, startup = 'clear' }: SwtpmOptions) {
    this.#port = port;
    this.#pidFile = join(stateDir, 'swtpm.pid');
    const command = [
      ...(existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL'] : []),
      ...['swtpm', 'socket', '--tpm2', '--tpmstate', `dir=${stateDir}`],
      ...['--server', `type=tcp,port=${port},bindaddr=${HOST}`],
      ...['--ctrl', `type=tcp,port=${port + 1},bindaddr=${HOST}`],
      ...['--flags', startup === 'clear' ? 'not-need-init,startup-clear' : 'not-need-init'],
      ...['--pid', `file=${this.#pidFile}`],
    ];
    this.#child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', text => {
      this.#stderr = (this.#stderr + text).slice(-2000);
    });
    this.#gone = new Promise<void>(resolve => {
      this.#child.once('close', () => resolve());
      this.#child.once('error', error => {
        this.#spawnError = error;
        resolve();
      });
    });
    running.add(this.#child);
    void this.#gone.then(() => running.delete(this.#child));
  }

  /** Resolves when this very swtpm serves: it writes its pid after binding its ports, then answers on the control one. */
  async answers(): Promise<void> {
    const deadline = Date.now() + START_DEADLINE_MS;
    while (!((await this.#wrotePid()) && (await controlAnswers(this.#port + 1)))) {
      if (this.#ended()) {
        await this.#gone;
        throw new Error(`swtpm did not start: ${this.#spawnError?.message ?? this.#stderr.trim()}`);
      }
      if (Date.now() > deadline) throw new Error(`swtpm did not answer within ${START_DEADLINE_MS} ms`);
      await pause(PROBE_PAUSE_MS);
    }
  }

  portWasTaken(): boolean {
    return /Address already in use|[Cc]ould not open TCP socket/.test(this.#stderr);
  }

  async stop(): Promise<void> {
    this.#child.ref();
    this.#stderrSocket().ref();
    if (!this.#ended()) this.#child.kill('SIGKILL');
    await this.#gone;
  }

  swtpm(): Swtpm {
    // A running DUT must not keep a finished test alive; the exit hook ends it.
    this.#child.unref();
    this.#stderrSocket().unref();
    return {
      port: this.#port,
      controlPort: this.#port + 1,
      pid: this.#child.pid!,
      bridge: `swtpm:host=${HOST},port=${this.#port}`,
      stop: () => this.stop(),
    };
  }

  async #wrotePid(): Promise<boolean> {
    const text = await readFile(this.#pidFile, 'utf8').catch(() => '');
    return Number(text) === this.#child.pid;
  }

  /** A pipe of a child process is a socket in Node, which its types do not say. */
  #stderrSocket(): Socket {
    return this.#child.stderr as Socket;
  }

  #ended(): boolean {
    return this.#spawnError !== undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

function controlAnswers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: HOST, port, timeout: START_DEADLINE_MS });
    socket.once('connect', () => socket.write(CONTROL_GET_CAPABILITY));
    socket.once('data', () => {
      resolve(true);
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy());
    socket.once('error', () => {});
    socket.once('close', () => resolve(false));
  });
}

/** A port below the kernel's ephemeral range (32768 up) of which the next one is free as well. */
async function freePortPair(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host: HOST, port, exclusive: true });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
