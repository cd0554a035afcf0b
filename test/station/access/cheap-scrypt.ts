/**
 * For all tests of a station: PINs are hashed as ever, with the same parameters in the ledger, at a two-thousandth of the
 * work. What a hash really costs, and that it is scrypt, is proved in pin.test.ts, which does without this. Only for one
 * process: what it makes, another one does not know for right.
 */
import crypto, { type ScryptOptions } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

const { scrypt } = crypto;

function cheapScrypt(
  password: crypto.BinaryLike,
  salt: crypto.BinaryLike,
  length: number,
  options: ScryptOptions,
  callback: (error: Error | null, derived: Buffer) => void,
): void {
  scrypt(password, salt, length, { ...options, N: options.N! / 2 ** 11 }, callback);
}

crypto.scrypt = cheapScrypt as typeof scrypt;
syncBuiltinESMExports();

/** For a test in which a thread of the station checks a PIN: it hashes for itself. */
export function realScrypt(): void {
  crypto.scrypt = scrypt;
  syncBuiltinESMExports();
}
