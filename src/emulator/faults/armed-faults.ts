/**
 * The faults armed at the moment, and which requests they strike: all, the next `requests`, those of the next `durationMs`,
 * each with `probability`, those of some operations, methods or paths. Draws come from a generator seeded per fault, so the
 * same requests in the same order meet the same faults. Faults armed earlier act first. What is armed here is told by
 * `POST /$emulator/faults` and is untrusted until read.
 */
import { z } from 'zod';
import { type OperationName, operationNames } from '../operation-names.ts';
import type { Reply } from '../reply.ts';
import type { FaultKind, Network, StruckRequest } from './fault.ts';
import { faultKinds } from './kinds.ts';
import { seededRandom } from './seeded-random.ts';

const conditions = z.object({
  kind: z.string(),
  /** How often it strikes in all; absent = until it is taken away. */
  requests: z.int().positive().optional(),
  /** How long it strikes, from when it is armed; absent = until it is taken away. */
  durationMs: z.int().positive().optional(),
  probability: z.number().min(0).max(1).default(1),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** Only these operations; absent = every one. */
  operations: z.array(z.enum(operationNames)).min(1).optional(),
  /** Only these HTTP methods; absent = every one. */
  methods: z
    .array(z.enum(['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD']))
    .min(1)
    .optional(),
  /** Only paths that begin so, case ignored, as they are sent; absent = every one. */
  path: z.string().startsWith('/').optional(),
});
type Conditions = z.infer<typeof conditions>;

export type FaultView = Conditions & {
  readonly id: number;
  /** How often it struck. */
  readonly struck: number;
  readonly parameters: unknown;
};

/** What a request is drawn by. */
export interface Target {
  readonly operation: OperationName | undefined;
  readonly method: string;
  readonly path: string;
}

interface ArmedFault {
  readonly id: number;
  readonly fault: FaultKind;
  readonly conditions: Conditions;
  readonly parameters: unknown;
  readonly random: () => number;
  readonly armedAt: number;
  struck: number;
}

export interface Armed {
  readonly view: FaultView;
  /** To be called when the answer to arming it has been sent. */
  readonly begin: (network: Network) => void;
}

export class ArmedFaults {
  #armed: ArmedFault[] = [];
  #lastId = 0;

  /** Arms a fault `{kind, requests?, …, own parameters}`; a text says what is wrong with it. */
  arm(value: unknown): Armed | string {
    const read = conditions.loose().safeParse(value);
    if (!read.success) return problem(read.error);
    const { kind, requests, durationMs, probability, seed, operations, methods, path, ...rest } = read.data;
    const fault = faultKinds.get(kind);
    if (fault === undefined) return `kind: must be one of ${[...faultKinds.keys()].join(', ')}`;
    const parameters = fault.parameters.safeParse(rest);
    if (!parameters.success) return problem(parameters.error);
    if (fault.begin && durationMs === undefined) return 'durationMs: must be given';
    const armed = {
      id: ++this.#lastId,
      fault,
      conditions: { kind, requests, durationMs, probability, seed, operations, methods, path },
      parameters: parameters.data,
      random: seededRandom(seed),
      armedAt: performance.now(),
      struck: 0,
    };
    this.#armed.push(armed);
    return { view: view(armed), begin: network => fault.begin?.(network, durationMs ?? 0) };
  }

  list(): FaultView[] {
    this.#dropSpent();
    return this.#armed.map(view);
  }

  /** Takes one away; whether it was there. */
  disarm(id: number): boolean {
    const before = this.#armed.length;
    this.#armed = this.#armed.filter(armed => armed.id !== id);
    return this.#armed.length < before;
  }

  clear(): void {
    this.#armed = [];
  }

  /**
   * Lets the armed faults act around one request.
   * @param work does the request by the clock that it is given
   */
  around(
    target: Target,
    work: (clock: StruckRequest['clock']) => Promise<Reply>,
    closing: AbortSignal,
  ): Promise<Reply> {
    this.#dropSpent();
    const struck = this.#armed.filter(armed => strikes(armed, target));
    const clock = { skewMs: 0 };
    return struck.reduceRight<() => Promise<Reply>>(
      (next, armed) => () => armed.fault.apply(armed.parameters, { work: next, closing, clock }),
      () => work(clock),
    )();
  }

  #dropSpent(): void {
    const now = performance.now();
    this.#armed = this.#armed.filter(
      ({ conditions: { requests = Infinity, durationMs = Infinity }, struck, armedAt }) =>
        struck < requests && now - armedAt < durationMs,
    );
  }
}

function strikes(armed: ArmedFault, target: Target): boolean {
  const { operations, methods, path, probability } = armed.conditions;
  if (operations && !(target.operation && operations.includes(target.operation))) return false;
  if (methods && !methods.some(method => method === target.method)) return false;
  if (path !== undefined && !target.path.toLowerCase().startsWith(path.toLowerCase())) return false;
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
