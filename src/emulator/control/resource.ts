/** What the control API is made of: resources under `/$emulator/`, each with the methods that it takes. */
import type { AccessPolicies } from '../access-policies.ts';
import type { BearerTokens } from '../bearer-tokens.ts';
import type { ArmedFaults } from '../faults/armed-faults.ts';
import type { Network } from '../faults/fault.ts';
import type { OperationBudget } from '../operation-budget.ts';
import { type ReceivedRequest, readJson } from '../received-request.ts';
import { badRequest, Refusal } from '../refusal.ts';
import type { Answer } from '../reply.ts';
import type { Store } from '../store.ts';

export interface ControlParts {
  readonly store: Store;
  readonly faults: ArmedFaults;
  readonly budget: OperationBudget;
  readonly policies: AccessPolicies;
  readonly bearerTokens: BearerTokens;
  readonly network: Network;
  /** What a policy's key is used with. */
  connectionString(policyName: string, key: string): string;
}

export interface ControlCall {
  readonly parts: ControlParts;
  readonly request: ReceivedRequest;
  /** The name or number in the path, decoded; '' where it has none. */
  readonly name: string;
}

export type ControlHandler = (call: ControlCall) => Answer | Refusal;

export interface ControlResource {
  /** Of what follows `/$emulator/`; its group is the name. */
  readonly path: RegExp;
  readonly methods: Readonly<Record<string, ControlHandler>>;
}

/** Reads the JSON body, gives it to `take`, and refuses with the text where that says what is wrong. */
export function takingJson(
  what: string,
  take: (call: ControlCall, json: unknown) => Answer | Refusal | string,
): ControlHandler {
  return call => {
    const body = readJson(call.request);
    if (body instanceof Refusal) return body;
    const taken = take(call, body.json);
    return typeof taken === 'string' ? badRequest(`Invalid ${what}: ${taken}`) : taken;
  };
}
