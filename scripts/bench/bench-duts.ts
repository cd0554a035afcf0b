/** Virtual DUTs for a bench: most with the state of one TPM, because making a state takes longer than measuring. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeSwtpmState } from '../virtual-dut/make-swtpm-state.ts';
import { type Swtpm, startSwtpm } from '../virtual-dut/start-swtpm.ts';

export type Ek = 'persisted' | 'derivable';

/** Starts `count` of them, lets `work` have them, and ends them whatever becomes of it. */
export async function withDuts<T>(
  count: number,
  ek: Ek,
  work: (duts: readonly Swtpm[]) => Promise<T>,
): Promise<T> {
  return withStates(
    async folder => {
      const first = path.join(folder, 'state');
      await makeSwtpmState(first, { ek, caDir: path.join(folder, 'ca') });
      return stateDir => cp(first, stateDir, { recursive: true });
    },
    count,
    work,
  );
}

/** The same, each with an EK and a certificate of its own: devices that all pass. */
export async function withDifferentDuts<T>(
  count: number,
  work: (duts: readonly Swtpm[]) => Promise<T>,
): Promise<T> {
  return withStates(
    async folder => {
      const caDir = path.join(folder, 'ca');
      // One makes the CA for all.
      await makeSwtpmState(path.join(folder, 'first'), { ek: 'persisted', caDir });
      return stateDir => makeSwtpmState(stateDir, { ek: 'persisted', caDir });
    },
    count,
    work,
  );
}

/** @param prepare gives what fills the folder of one state */
async function withStates<T>(
  prepare: (folder: string) => Promise<(stateDir: string) => Promise<void>>,
  count: number,
  work: (duts: readonly Swtpm[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyline-bench-'));
  const duts: Swtpm[] = [];
  try {
    const fill = await prepare(folder);
    const starting = Array.from({ length: count }, async (_, number) => {
      const stateDir = path.join(folder, `${number}`);
      await fill(stateDir);
      duts.push(await startSwtpm({ stateDir }));
    });
    // All of them have ended or stand when one of them fails, so that those are stopped.
    const failed = (await Promise.allSettled(starting)).find(start => start.status === 'rejected');
    if (failed) throw failed.reason;
    return await work(duts);
  } finally {
    for (const dut of duts) await dut.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export async function withDut<T>(ek: Ek, work: (dut: Swtpm) => Promise<T>): Promise<T> {
  return withDuts(1, ek, ([dut]) => work(dut!));
}
