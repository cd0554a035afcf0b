/**
 * A device's passport: all that its audit entries say of it, as a small file that stands alone. Each entry's stored bytes
 * come with the proof that they stand in the tree of the signed checkpoint (RFC 6962 section 2.1.1), so that nothing of
 * any other device needs to be shown. One RFC 8785 object and a line feed; README.md of src/audit has its members.
 */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { formatSeal } from '../seal.ts';
import { signNote } from '../signed-note.ts';
import type { StationKey } from '../station-key.ts';
import type { PassportClaim } from './passport-claims.ts';

export interface PassportDevice {
  readonly serial: string | null;
  readonly product: string;
  readonly workOrder: string | null;
  readonly registrationId: string;
  /** Hex, and base64 of TPM2B_PUBLIC. */
  readonly ekSha256: string;
  readonly endorsementKey: string;
  readonly ekTemplate: string;
}

/** A log that has entries of the device, with the checkpoint that covers them. */
export interface PassportLog {
  readonly origin: string;
  readonly size: number;
  readonly checkpoint: string;
  readonly verifierKey: string;
  /** Notes by which keys took each other's place (key-chain.ts), first one first; absent: there was one key. */
  readonly rotations?: readonly string[];
  /** By index. */
  readonly entries: readonly PassportEntry[];
}

export interface PassportEntry {
  readonly index: number;
  /** The stored bytes, as text. */
  readonly entry: string;
  /** Base64, the nearest sibling first. */
  readonly proof: readonly string[];
}

export interface PassportContent {
  readonly device: PassportDevice;
  /** DER in base64: the EK certificate, then its chain, as far as the station has them. */
  readonly certificates: readonly string[];
  /** The one that is written to comes last; the first entry of each later one cites the checkpoint of the one before. */
  readonly logs: readonly PassportLog[];
  /** What an entry shows, said again for people; `verify` compares it with the entry. */
  readonly claims: readonly PassportClaim[];
  readonly madeAt: string;
  /** Version of Keyline. */
  readonly keyline: string;
  readonly rehearsal: boolean;
}

/** @param key of the last log */
export function makePassport(content: PassportContent, key: StationKey): Buffer {
  const stated = { ...content, format: 'keyline-device-passport', v: 1 };
  const { origin, size } = content.logs.at(-1)!;
  const digest = hash('sha256', canonicalize(stated)!, 'buffer');
  const seal = signNote(formatSeal({ kind: 'passport', origin, size, digest }), key);
  return Buffer.from(`${canonicalize({ ...stated, seal })}\n`);
}
