/** For tests that sign in at the command line again and again: what they start hashes PINs as `cheap-scrypt.ts` does. */

import path from 'node:path';
import { pathToFileURL } from 'node:url';

const cheapScrypt = path.join(import.meta.dirname, '..', 'station', 'access', 'cheap-scrypt.ts');

process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --import=${pathToFileURL(cheapScrypt)}`.trim();
