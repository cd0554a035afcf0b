/** Proofs that cost much of a run and repeat what others show: looked at on demand, and else reported as skipped. */
export const longProof: string | false =
  process.env.KEYLINE_TESTS === 'all' ? false : 'a long proof: KEYLINE_TESTS=all npm test';
