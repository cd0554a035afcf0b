/**
 * What can be computed here while the TPM computes costs no time. The TPM's answer is awaited whatever becomes of the
 * work: a command is never left behind on the line.
 */

/** @param answer of a command that was sent already. Throws what it rejects with, else what the work throws. */
export async function meanwhile<A, W>(answer: Promise<A>, work: () => W): Promise<[A, Awaited<W>]> {
  const [answered, worked] = await Promise.allSettled([answer, Promise.try(work)]);
  if (answered.status === 'rejected') throw answered.reason;
  if (worked.status === 'rejected') throw worked.reason;
  return [answered.value, worked.value];
}
