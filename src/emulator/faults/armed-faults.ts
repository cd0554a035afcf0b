/**
 * The faults armed at the moment, and which requests they strike: all, the next `requests`, or each with `probability`.
 * Draws come from a generator seeded per fault, so the same requests in the same order meet the same faults. Faults armed
 * earlier act first. What is armed here is told by `POST /$emulator/faults` and is untrusted until read.
 */
import { z } from 'zod';
import type { Reply } from '../reply.ts';
import { type OperationName, operationNames } from '../service-api.ts';
import type { FaultKind } from './fault.ts';
import { faultKinds } from './kinds.ts';

const conditions = z.object({
  kind: z.string(),
  /** How often it strikes in all; absent = until it is taken away. */
  requests: z.int().positive().optional(),
  probability: z.number().min(0).max(1).default(1),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** Only these operations; absent = every one. */
  operations: z.array(z.enum(operationNames)).min(1).optional(),
});

export type FaultView = z.infer<typeof conditions> & {
  readonly id: number;
  /** How often it struck. */
  readonly struck: number;
  readonly parameters: unknown;
};

interface ArmedFault {
  readonly id: number;
  readonly fault: FaultKind;
  readonly conditions: z.infer<typeof conditions>;
  readonly parameters: unknown;
  readonly random: () => number;
  struck: number;
}

export class ArmedFaults {
  #armed: ArmedFault[] = [];
  #lastId = 0;

  /** Arms a fault `{kind, requests?, probability?, seed?, operations?, ...}`; a text says what is wrong with it. */
  arm(value: unknown): FaultView | string {
    const read = conditions.loose().safeParse(value);
    if (!read.success) return problem(read.error);
    const { kind, requests, probability, seed, operations, ...rest } = read.data;
    const fault = faultKinds.get(kind);
    if (fault === undefined) return `kind: must be one of ${[...faultKinds.keys()].join(', ')}`;
    const parameters = fault.parameters.safeParse(rest);
    if (!parameters.success) return problem(parameters.error);
    const armed = {
      id: ++this.#lastId,
      fault,
      conditions: { kind, requests, probability, seed, operations },
      parameters: parameters.data,
      random: seededRandom(seed),
      struck: 0,
    };
    this.#armed.push(armed);
    return view(armed);
  }

  list(): FaultView[] {
    return this.#armed.map(view);
  }

  clear(): void {
    this.#armed = [];
  }

  /** Lets the armed faults act around one request. */
  around(
    operation: OperationName | undefined,
    work: () => Promise<Reply>,
    closing: AbortSignal,
  ): Promise<Reply> {
    const struck = this.#armed.filter(armed => strikes(armed, operation));
    this.#armed = this.#armed.filter(armed => armed.struck < (armed.conditions.requests ?? Infinity));
    return struck.reduceRight<() => Promise<Reply>>(
      (next, armed) => () => armed.fault.apply(armed.parameters, next, closing),
      work,
    )();
  }
}

function strikes(armed: ArmedFault, operation: OperationName | undefined): boolean {
  const { operations, probability } = armed.conditions;
  if (operations !== undefined && (operation === undefined || !operations.includes(operation))) return false;
  if (armed.random() >= probability) return false;
  armed.struck += 1;
  return true;
}

function view(armed: ArmedFault): FaultView {
  return { id: armed.id, ...armed.conditions, parameters: armed.parameters, struck: armed.struck };
}

function problem(error: z.ZodError): string {
  return error.issues.map(issue => `${issue.path.join('.') || 'fault'}: ${issue.message}`).join('; ');
}

/** mulberry32: small, seeded, even enough to draw faults; [0, 1). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
