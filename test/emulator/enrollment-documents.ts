/** Enrollment documents with well-formed endorsement keys: the public area is TCG template L-1's, the modulus is made up. */
import { createHash } from 'node:crypto';

const templateL1 = Buffer.from(
  '0001000b000300b20020837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa' +
    '00060080004300100800000000000100',
  'hex',
);

/** TPM2B_PUBLIC of an RSA 2048 endorsement key, different for each name. */
export function endorsementKeyBytes(name: string): Buffer {
  const modulus = Buffer.concat(
    [...Array(8).keys()].map(index => createHash('sha256').update(`${name} ${index}`).digest()),
  );
  const publicArea = Buffer.concat([templateL1, modulus]);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(publicArea.length);
  return Buffer.concat([size, publicArea]);
}

export function endorsementKey(name: string): string {
  return endorsementKeyBytes(name).toString('base64');
}

export function enrollmentDocument(registrationId: string, members: Record<string, unknown> = {}) {
  return {
    registrationId,
    attestation: { type: 'tpm', tpm: { endorsementKey: endorsementKey(registrationId) } },
    ...members,
  };
}

/** An enrollment group whose devices have symmetric keys; TPM attestation has no groups. */
export function groupDocument(enrollmentGroupId: string, members: Record<string, unknown> = {}) {
  return { enrollmentGroupId, attestation: { type: 'symmetricKey' }, ...members };
}
