/**
 * Prints a page of ours to PDF by the browser that also shows the kiosk, headless and with a profile that is thrown away.
 * The page asks for nothing; the browser is told to look nothing up either.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export class PrintError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PrintError';
  }
}

const longestMs = 120_000;

/** @param browser from `findBrowser` @throws PrintError */
export async function printPage(browser: string, page: string, signal?: AbortSignal): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'keyline-print-'));
  const pdf = join(folder, 'page.pdf');
  try {
    await run(
      browser,
      [
        '--headless',
        // Chromium refuses to run as root inside its own sandbox.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--password-store=basic',
        `--user-data-dir=${join(folder, 'profile')}`,
        '--no-pdf-header-footer',
        `--print-to-pdf=${pdf}`,
        pathToFileURL(page).href,
      ],
      signal,
    );
    return await readFile(pdf);
  } catch (cause) {
    if (cause instanceof PrintError) throw cause;
    throw new PrintError('the browser made no PDF', { cause });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function run(browser: string, flags: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const limit = AbortSignal.timeout(longestMs);
  const child = spawn(browser, flags, {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    complaint = `${complaint}${text}`.slice(-2000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', cause => reject(new PrintError('the browser could not print', { cause })));
    child.once('close', code => {
      if (code === 0) resolve();
      else
        reject(
          new PrintError(`the browser ended with ${code}: ${complaint.trim().split('\n').at(-1) ?? ''}`),
        );
    });
  });
}
