/** A station's verifier key as a person names it: the text, as copied or scanned, or a small file that holds it. */
import { CourierError } from '../../courier/errors.ts';
import { readSmallFile } from '../read-small-file.ts';

const LARGEST_FILE = 4096;

/** @throws CourierError `courier-key-invalid` */
export function readKey(textOrFile: string): string {
  // A key id between plus signs, which no path of a plant has.
  if (/\+[0-9a-f]{8}\+/.test(textOrFile)) return textOrFile;
  try {
    return readSmallFile(textOrFile, LARGEST_FILE);
  } catch (cause) {
    throw new CourierError('courier-key-invalid', `${textOrFile}: ${(cause as Error).message}`, { cause });
  }
}
