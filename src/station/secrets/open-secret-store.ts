/**
 * The one place for a station's secrets, whichever host runs it (rule S2): the system's keyring where one works, else key
 * files (0600). Which of them is decided at the station's first start and written down (`secrets/store`), so that a
 * station never looks elsewhere, and never makes a new key, because its keyring is locked or away today: it stops.
 * `KEYLINE_SECRET_STORE` decides at that first start; a rehearsal, which is thrown away, keeps key files.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { StationError } from '../errors.ts';
import { writeOnce } from '../export/write-once.ts';
import { fileSecrets } from './file-secrets.ts';
import { keyringSecrets, whyNoKeyring } from './keyring-secrets.ts';
import type { SecretStore } from './secret-store.ts';

const MARK = 'store';

/** `scope` names the station's entries in the keyring: random, so that the data directory can be moved. */
const markSchema = z.discriminatedUnion('store', [
  z.object({ store: z.literal('files') }),
  z.object({ store: z.literal('keyring'), scope: z.string().regex(/^[0-9a-f]{16}$/) }),
]);
type Mark = z.infer<typeof markSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a station started here once: then its ledger must be here, too. */
export function secretsBegan(directory: string, stationKey: string): boolean {
  return existsSync(path.join(directory, MARK)) || existsSync(path.join(directory, stationKey));
}

/**
 * The store of this station; chosen here where it has none yet.
 * @param directory the data directory's folder for secrets
 * @param stationKey name of the secret that a station from before the choice has as a file
 */
export function openSecretStore(
  directory: string,
  options: { readonly env: Environment; readonly rehearsal: boolean; readonly stationKey: string },
): SecretStore {
  const mark = readMark(directory) ?? firstMark(directory, options);
  return mark.store === 'files' ? fileSecrets(directory) : keyringSecrets(mark.scope, directory, options.env);
}

function readMark(directory: string): Mark | undefined {
  let text: string;
  try {
    text = readFileSync(path.join(directory, MARK), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  return parseMark(text, directory);
}

function parseMark(text: string, directory: string): Mark {
  try {
    return markSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StationError('secret-store-unknown', `${path.join(directory, MARK)} cannot be read`, { cause });
  }
}

function firstMark(
  directory: string,
  options: { readonly env: Environment; readonly rehearsal: boolean; readonly stationKey: string },
): Mark {
  // A station that has its key in a file keeps it there: only a person moves keys.
  if (existsSync(path.join(directory, options.stationKey))) return { store: 'files' };
  const mark = chosen(options.env, options.rehearsal);
  // Of two processes at their first start one wins, and both go by what it wrote.
  return parseMark(writeOnce(directory, MARK, `${JSON.stringify(mark)}\n`), directory);
}

function chosen(env: Environment, rehearsal: boolean): Mark {
  const asked = env.KEYLINE_SECRET_STORE || undefined;
  if (asked !== undefined && asked !== 'keyring' && asked !== 'files')
    throw new StationError('secret-store-choice', 'KEYLINE_SECRET_STORE has another value');
  if (asked === 'files' || (asked === undefined && rehearsal)) return { store: 'files' };
  const scope = randomBytes(8).toString('hex');
  const missing = whyNoKeyring(scope, env);
  if (missing === undefined) return { store: 'keyring', scope };
  if (asked === 'keyring') throw new StationError('secret-store-locked', missing);
  return { store: 'files' };
}
