/**
 * Carrier `cmd`: a shell command as in tpm2-tss (tcti-cmd), run by /bin/sh: raw commands to its stdin, raw responses
 * from its stdout, for example `cmd:ssh dut tpm2_send`. The text is trusted (configuration or command line), what the
 * command prints is not. It runs in a process group of its own, which ends with the bridge; if this process is killed,
 * the command sees its stdin close. It does not inherit Keyline's own environment variables, which hold secrets.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { TctiError } from './errors.ts';
import { lastWords } from './last-words.ts';
import { LineTcti } from './line-tcti.ts';
import { bareFraming, StreamLine } from './stream-line.ts';
import type { Tcti } from './tcti.ts';
import type { CmdConf } from './tcti-conf.ts';

/** Between SIGTERM and SIGKILL. */
const TERM_GRACE_MS = 1_000;
/** Between the end of stdout and SIGTERM: most commands end by themselves then, and say why. */
const END_GRACE_MS = 200;

export async function openCmd({ command }: CmdConf): Promise<Tcti> {
  const child = spawn('/bin/sh', ['-c', command], { detached: true, env: environment(), stdio: 'pipe' });
  if (child.pid === undefined) {
    const [cause] = await once(child, 'error');
    throw new TctiError('unreachable', `The shell cannot be started (${cause.code})`, { cause });
  }
  const line = new StreamLine({
    input: child.stdout,
    output: child.stdin,
    framing: bareFraming(),
    ending: commandEnding(child),
    release: () => endGroup(child),
  });
  return new LineTcti('cmd', false, line);
}

/** Resolves when the command is over, with what it said last. */
function commandEnding(child: ChildProcessWithoutNullStreams): Promise<TctiError> {
  let answered = false;
  const said = lastWords(child.stderr);
  child.stdout.once('data', () => {
    answered = true;
  });
  child.stdout.once('end', () => {
    if (isOver(child)) return;
    const timer = setTimeout(() => signalGroup(child, 'SIGTERM'), END_GRACE_MS);
    child.once('exit', () => clearTimeout(timer));
  });
  // What the shell leaves behind ends at once: later its process group's number may belong to others.
  child.once('exit', () => signalGroup(child, 'SIGKILL'));
  return new Promise(resolve => {
    child.once('close', (code, signal) => {
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      const why = said();
      const message = `The command ended ${how}${why === '' ? '' : `: ${why}`}`;
      resolve(new TctiError(answered ? 'closed' : 'unreachable', message));
    });
  });
}

/** SIGTERM, then SIGKILL, to everything that the command started; resolves when the shell has ended. */
async function endGroup(child: ChildProcessWithoutNullStreams): Promise<void> {
  child.stdin.destroy();
  if (!isOver(child)) {
    const exit = once(child, 'exit');
    signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), TERM_GRACE_MS);
    await exit;
    clearTimeout(timer);
  }
  child.stdout.destroy();
  child.stderr.destroy();
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): void {
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // ESRCH: nobody is left in the group.
  }
}

function isOver(child: ChildProcessWithoutNullStreams): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KEYLINE_')));
}
