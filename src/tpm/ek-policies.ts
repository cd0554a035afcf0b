/**
 * The policies of TCG's EK Credential Profile for TPM Family 2.0 (B.6), worked out by the rules of Part 1, clause 19.7, for
 * the three hashes that its templates use. A: the endorsement hierarchy's authorization. C: a policy that the platform
 * keeps in an NV index. B: A or C.
 */
import { createHash } from 'node:crypto';
import { sameBytes, sized, u16, u32 } from './bytes.ts';
import { TPM_CC } from './command-codes.ts';
import { nameHash } from './object-name.ts';
import { TPM_RH } from './permanent-handles.ts';
import { TPM_ALG } from './structures.ts';

export interface EkPolicies {
  /** PolicySecret(TPM_RH_ENDORSEMENT). */
  readonly a: Uint8Array;
  /** PolicyOR(A, C). */
  readonly b: Uint8Array;
  /** PolicyAuthorizeNV with the profile's policy index for this hash. */
  readonly c: Uint8Array;
}

/** NV indices of PolicyC (0x01C07F01 and on), by nameAlg. */
const policyIndices: Readonly<Record<number, number>> = {
  [TPM_ALG.SHA256]: 0x01c07f01,
  [TPM_ALG.SHA384]: 0x01c07f02,
  [TPM_ALG.SHA512]: 0x01c07f03,
};
/** TPMA_NV of those indices: policy write and read, no lockout, written. */
const POLICY_INDEX_ATTRIBUTES = 0x220f1008;

const byNameAlg = new Map<number, EkPolicies>();
for (const nameAlg of Object.keys(policyIndices).map(Number)) byNameAlg.set(nameAlg, workOut(nameAlg));

/** Undefined for a hash that no template of the profile uses. */
export function ekPolicies(nameAlg: number): EkPolicies | undefined {
  return byNameAlg.get(nameAlg);
}

/** Which of the profile's two policies a key carries. */
export function ekPolicyOf(key: {
  readonly nameAlg: number;
  readonly authPolicy: Uint8Array;
}): 'A' | 'B' | undefined {
  const policies = ekPolicies(key.nameAlg);
  if (policies === undefined) return undefined;
  if (sameBytes(key.authPolicy, policies.a)) return 'A';
  return sameBytes(key.authPolicy, policies.b) ? 'B' : undefined;
}

function workOut(nameAlg: number): EkPolicies {
  const { hash, bytes } = nameHash(nameAlg)!;
  const digest = (...parts: Uint8Array[]) => createHash(hash).update(Buffer.concat(parts)).digest();
  const start = Buffer.alloc(bytes);
  const secret = digest(start, u32(TPM_CC.PolicySecret), u32(TPM_RH.ENDORSEMENT));
  const a = digest(secret); // policyUpdate's second half, with an empty policyRef
  const index = Buffer.concat([
    u32(policyIndices[nameAlg]!),
    u16(nameAlg),
    u32(POLICY_INDEX_ATTRIBUTES),
    sized(a),
    u16(bytes + 2),
  ]);
  const c = digest(start, u32(TPM_CC.PolicyAuthorizeNV), u16(nameAlg), digest(index));
  return { a, b: digest(start, u32(TPM_CC.PolicyOR), a, c), c };
}
