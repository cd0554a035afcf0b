/** What people are entered and sign in with: an id that can be typed, a name to show, a badge to scan. All is a person's text. */
import { StationError } from '../errors.ts';
import { keyedDigest } from './sign-in-key.ts';

const prefix = 'person:';

/** Compared without case, as people type it. */
export function accountOf(id: string): string {
  return `${prefix}${id.normalize('NFC').toLowerCase()}`;
}

export function idOf(account: string): string {
  return account.slice(prefix.length);
}

export function checkId(id: string): void {
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]{0,39}$/u.test(id.normalize('NFC')))
    throw new StationError(
      'person-invalid',
      'an id has 1 to 40 letters, digits and . _ -, and begins with a letter or digit',
    );
}

export function checkName(name: string): string {
  const text = name.trim().normalize('NFC');
  if (text === '' || [...text].length > 60 || /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text))
    throw new StationError('person-invalid', 'a name has 1 to 60 characters and none that are invisible');
  return text;
}

/** Hex. The badge's own text is kept nowhere. */
export function badgeDigest(key: Buffer, badge: string): string {
  const text = badge.trim();
  if (text.length < 4 || text.length > 128 || /\p{C}/u.test(text))
    throw new StationError('person-invalid', 'a badge has 4 to 128 characters and none that are invisible');
  return keyedDigest(key, 'badge', text).toString('hex');
}
