/** A secret from standard input: typed without an echo at a terminal, else the whole of what a pipe brings. Never from argv. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

const LONGEST = 64 * 1024;

/** Empty where the person or the signal ended it. */
export async function readSecret(prompt: string, signal: AbortSignal): Promise<string> {
  return process.stdin.isTTY ? typed(prompt, signal) : piped();
}

async function piped(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += chunk;
    if (text.length > LONGEST) return '';
  }
  return text;
}

async function typed(prompt: string, signal: AbortSignal): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  // First the echo goes and then the prompt comes: whoever answers it at once is not shown either.
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(prompt);
  try {
    return await lines.question('', { signal });
  } catch {
    return '';
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
