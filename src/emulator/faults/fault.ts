/**
 * What a kind of fault is: parameters, and what it does with one request that it was drawn for. It may answer in the
 * service's place, change the service's reply, or let `work` be done and lose the reply. One kind is one file beside this;
 * `kinds.ts` lists them.
 */
import type { z } from 'zod';
import type { Reply } from '../reply.ts';

export interface FaultKind<Kind extends string = string, Parameters = unknown> {
  readonly kind: Kind;
  readonly parameters: z.ZodType<Parameters>;
  /**
   * @param work does the request (and every fault armed after this one) and gives its reply
   * @param closing aborted when the emulator ends, so that nothing waits longer
   */
  apply(parameters: Parameters, work: () => Promise<Reply>, closing: AbortSignal): Promise<Reply>;
}

/** Binds the parameters to their schema. */
export function faultKind<Kind extends string, Parameters>(
  fault: FaultKind<Kind, Parameters>,
): FaultKind<Kind, Parameters> {
  return fault;
}
