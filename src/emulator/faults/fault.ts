/**
 * What a kind of fault is: parameters, and what it does with one request that it was drawn for. It may answer in the
 * service's place, change the service's reply, or let `work` be done and lose the reply. One kind is one file beside this;
 * `kinds.ts` lists them.
 */
import type { z } from 'zod';
import type { Reply } from '../reply.ts';

/** One request that a fault strikes. */
export interface StruckRequest {
  /** Does the request (and every fault armed after this one) and gives its reply. */
  work(): Promise<Reply>;
  /** Aborted when the emulator ends, so that nothing waits longer. */
  readonly closing: AbortSignal;
  /** How far the service's clock is ahead for this request, in milliseconds. */
  readonly clock: { skewMs: number };
}

/** What a fault may do to the network as a whole. */
export interface Network {
  /** Cuts every connection and refuses new ones for so long. */
  refuseConnections(durationMs: number): void;
}

export interface FaultKind<Kind extends string = string, Parameters = unknown> {
  readonly kind: Kind;
  readonly parameters: z.ZodType<Parameters>;
  apply(parameters: Parameters, request: StruckRequest): Promise<Reply>;
  /** For a fault that strikes the network and not requests: done once, when the answer to arming it has been sent. */
  begin?(network: Network, durationMs: number): void;
}

/** Binds the parameters to their schema. */
export function faultKind<Kind extends string, Parameters>(
  fault: FaultKind<Kind, Parameters>,
): FaultKind<Kind, Parameters> {
  return fault;
}
