/**
 * Encryption of a bundle for one receiver, in the age format (https://age-encryption.org/v1, X25519), so that a stick that
 * is lost shows nobody the serials and keys of a plant. Who made it, only the signature inside says.
 */
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { CourierError } from './errors.ts';

const magic = 'age-encryption.org/v1\n';

/** A new identity: a secret, `AGE-SECRET-KEY-1…`. */
export const generateIdentity = (): Promise<string> => generateX25519Identity();

/** What a sender puts into `courier.recipient`: `age1…`. */
export const recipientOf = (identity: string): Promise<string> => identityToRecipient(identity);

export function isEncrypted(bytes: Buffer): boolean {
  return bytes.subarray(0, magic.length).toString('latin1') === magic;
}

/** @throws CourierError `courier-recipient-invalid` */
export async function encryptFor(recipient: string): Promise<(bytes: Buffer) => Promise<Buffer>> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    throw new CourierError('courier-recipient-invalid', 'courier.recipient cannot be used', { cause });
  }
  return async bytes => Buffer.from(await encrypter.encrypt(bytes));
}

/** @param identity undefined where this station has none @throws CourierError `courier-encrypted` */
export async function decryptWith(identity: string | undefined, bytes: Buffer): Promise<Buffer> {
  if (identity === undefined)
    throw new CourierError(
      'courier-encrypted',
      'the bundle is encrypted, and this station has no key for bundles',
    );
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return Buffer.from(await decrypter.decrypt(bytes));
  } catch (cause) {
    // The library does not say which: for another one, or changed on its way.
    throw new CourierError('courier-encrypted', 'it is not for this station, or was changed on its way', {
      cause,
    });
  }
}
