/** The command line as its users have it: `./keyline` in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const launcher = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'keyline');

export interface Ended {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Is handed the process as soon as it runs. */
  readonly started?: (child: ChildProcess) => void;
}

/** Nothing of the caller's Keyline environment gets in, and nothing of a test into the caller's keyring. */
export function keyline(args: readonly string[], { dataDir, env = {}, started }: RunOptions): Promise<Ended> {
  const child = spawn(launcher, args, {
    env: { ...withoutKeyline(), KEYLINE_DATA_DIR: dataDir, KEYLINE_SECRET_STORE: 'files', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  started?.(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code, stdout, stderr }));
  });
}

/** For `--json`: the one document on stdout. */
export function documentOf(ended: Ended): Record<string, unknown> {
  const lines = ended.stdout.split('\n').filter(line => line !== '');
  if (lines.length !== 1)
    throw new Error(`expected one line on stdout, got ${lines.length}: ${ended.stdout}${ended.stderr}`);
  return JSON.parse(lines[0]!);
}

/**
 * A command at a terminal of its own, by socat: each prompt that fits is answered in turn. @returns all that the terminal
 * showed
 */
export async function atTerminal(
  command: string,
  dataDir: string,
  answers: readonly (readonly [prompt: RegExp, answer: string])[],
): Promise<string> {
  const child = spawn('socat', ['-', `EXEC:'${launcher} ${command}',pty,stderr,setsid,ctty`], {
    env: { ...withoutKeyline(), KEYLINE_DATA_DIR: dataDir },
  });
  let shown = '';
  let next = 0;
  child.stdout.setEncoding('utf8').on('data', text => {
    shown += text;
    const [prompt, answer] = answers[next] ?? [];
    if (!prompt?.test(shown.replaceAll('\r', ''))) return;
    next += 1;
    child.stdin.write(`${answer}\r`);
  });
  await new Promise(resolve => child.once('close', resolve));
  return shown;
}

function withoutKeyline(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KEYLINE_')));
}
