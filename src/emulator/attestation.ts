/**
 * Attestation as an enrollment carries it (AttestationMechanism): which mechanisms an individual enrollment or a group may
 * have, what the service makes itself (symmetric keys, what it tells of a certificate), what an update keeps, and what a
 * reader is not shown. TPM belongs to individual enrollments only. What is read is untrusted.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { isEndorsementKey } from './endorsement-key.ts';
import { withoutNulls } from './members.ts';
import { invalidArgument, Refusal } from './refusal.ts';
import { type CertificateInfo, readCertificate } from './x509-certificate.ts';

const certificates = z.object({
  primary: z.object({ certificate: z.string().nullish() }).nullish(),
  secondary: z.object({ certificate: z.string().nullish() }).nullish(),
});
const x509 = z.object({
  clientCertificates: certificates.nullish(),
  signingCertificates: certificates.nullish(),
  caReferences: z.object({ primary: z.string().nullish(), secondary: z.string().nullish() }).nullish(),
});

export const sentAttestation = z.object({
  type: z.enum(['none', 'tpm', 'x509', 'symmetricKey']),
  tpm: z.object({ endorsementKey: z.string(), storageRootKey: z.string().nullish() }).nullish(),
  x509: x509.nullish(),
  symmetricKey: z.object({ primaryKey: z.string().nullish(), secondaryKey: z.string().nullish() }).nullish(),
});
export type SentAttestation = z.infer<typeof sentAttestation>;

interface StoredCertificate {
  readonly certificate: string;
  readonly info: CertificateInfo;
}
interface StoredCertificates {
  readonly primary: StoredCertificate;
  readonly secondary?: StoredCertificate;
}

/** As it is stored. */
export type Attestation =
  | { readonly type: 'none' }
  | {
      readonly type: 'tpm';
      readonly tpm: { readonly endorsementKey: string; readonly storageRootKey?: string };
    }
  | {
      readonly type: 'x509';
      readonly x509: {
        readonly clientCertificates?: StoredCertificates;
        readonly signingCertificates?: StoredCertificates;
        readonly caReferences?: { readonly primary: string; readonly secondary?: string };
      };
    }
  | {
      readonly type: 'symmetricKey';
      readonly symmetricKey: { readonly primaryKey: string; readonly secondaryKey: string };
    };

/** Whose certificates a mechanism may carry: a device's own, or those of the CA that signs for a group. */
export type CertificateMember = 'clientCertificates' | 'signingCertificates';

/**
 * Judges and completes what was sent.
 * @param previous what is stored, whose keys and certificates stay where the update does not name others
 */
export function settleAttestation(
  sent: SentAttestation,
  certificateMember: CertificateMember,
  previous: Attestation | undefined,
): Attestation | Refusal {
  switch (sent.type) {
    case 'none':
      return { type: 'none' };
    case 'tpm':
      return settleTpm(sent, certificateMember);
    case 'symmetricKey':
      return settleSymmetricKey(sent, previous);
    case 'x509':
      return settleX509(sent, certificateMember, previous);
  }
}

function settleTpm(sent: SentAttestation, certificateMember: CertificateMember): Attestation | Refusal {
  if (certificateMember === 'signingCertificates') {
    return invalidArgument('TPM attestation is for individual enrollments only.');
  }
  const tpm = sent.tpm;
  if (tpm == null || !isEndorsementKey(tpm.endorsementKey)) {
    return invalidArgument('Endorsement key is invalid, or does not match the Enrollment.');
  }
  return { type: 'tpm', tpm: withoutNulls(tpm) as { endorsementKey: string } };
}

function settleSymmetricKey(
  { symmetricKey }: SentAttestation,
  previous: Attestation | undefined,
): Attestation | Refusal {
  const kept = previous?.type === 'symmetricKey' ? previous.symmetricKey : undefined;
  const primaryKey = symmetricKey?.primaryKey ?? kept?.primaryKey ?? newSymmetricKey();
  const secondaryKey = symmetricKey?.secondaryKey ?? kept?.secondaryKey ?? newSymmetricKey();
  return isSymmetricKey(primaryKey) && isSymmetricKey(secondaryKey)
    ? { type: 'symmetricKey', symmetricKey: { primaryKey, secondaryKey } }
    : invalidArgument('A symmetric key must be the base64 of 16 to 64 bytes.');
}

function settleX509(
  { x509: sent }: SentAttestation,
  member: CertificateMember,
  previous: Attestation | undefined,
): Attestation | Refusal {
  const other = member === 'clientCertificates' ? 'signingCertificates' : 'clientCertificates';
  const named = sent?.[member];
  const references = sent?.caReferences;
  if (sent?.[other] != null || (named == null) === (references == null)) {
    return invalidArgument(`X509 attestation takes either ${member} or caReferences.`);
  }
  if (references != null) {
    if (!references.primary) return invalidArgument('caReferences.primary must be given.');
    return {
      type: 'x509',
      x509: { caReferences: withoutNulls(references) as { primary: string } },
    };
  }
  const kept = previous?.type === 'x509' ? previous.x509[member] : undefined;
  const primary = settleCertificate(named?.primary, kept?.primary);
  if (primary === undefined) return invalidArgument(`${member}.primary must be given.`);
  if (primary instanceof Refusal) return primary;
  const secondary = settleCertificate(named?.secondary, kept?.secondary);
  if (secondary instanceof Refusal) return secondary;
  const settled = secondary === undefined ? { primary } : { primary, secondary };
  return { type: 'x509', x509: { [member]: settled } };
}

function settleCertificate(
  sent: { readonly certificate?: string | null | undefined } | null | undefined,
  kept: StoredCertificate | undefined,
): StoredCertificate | undefined | Refusal {
  if (sent == null) return undefined;
  if (sent.certificate == null) return kept;
  const info = readCertificate(sent.certificate);
  return info === undefined
    ? invalidArgument('A certificate is not readable.')
    : { certificate: sent.certificate, info };
}

/** As GET and queries show it: without symmetric keys and without the certificates' text. */
export function shownAttestation(attestation: Attestation): object {
  if (attestation.type === 'symmetricKey') return { type: 'symmetricKey', symmetricKey: {} };
  if (attestation.type !== 'x509') return attestation;
  return {
    type: 'x509',
    x509: Object.fromEntries(
      Object.entries(attestation.x509).map(([member, value]) => [
        member,
        member === 'caReferences' ? value : informationOnly(value as StoredCertificates),
      ]),
    ),
  };
}

function informationOnly({ primary, secondary }: StoredCertificates): object {
  return {
    primary: { info: primary.info },
    ...(secondary === undefined ? {} : { secondary: { info: secondary.info } }),
  };
}

function newSymmetricKey(): string {
  return randomBytes(64).toString('base64');
}

function isSymmetricKey(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text && bytes.length >= 16 && bytes.length <= 64;
}
