/** Which of the three signs a verdict shows: colour, shape and sound go together. */
import type { VerdictView } from '../../src/api/contract.ts';
import type { Tone } from '../design/sound.ts';

export function toneOf(verdict: VerdictView['verdict']): Tone {
  if (verdict === 'failed') return 'fail';
  return verdict === 'refused' ? 'stop' : 'pass';
}
