/**
 * PINs at rest: scrypt (RFC 7914) over the PIN's keyed digest, with its parameters and salt beside it as a PHC string,
 * so that they can grow and old ones still be read. scrypt and not Argon2, because Electron's crypto has no Argon2.
 * Hashing takes a fraction of a second in a thread of the pool; the screen does not wait for it.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { keyedDigest } from './sign-in-key.ts';

interface Cost {
  /** log2 of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP Password Storage Cheat Sheet: N = 2^15, r = 8, p = 3 (32 MiB). */
const cost: Cost = { ln: 15, r: 8, p: 3 };
/** A hash in a damaged ledger must not ask for all memory. */
const largest: Cost = { ln: 18, r: 16, p: 16 };
const hashBytes = 32;

const shortestPin = 6;
const longestPin = 64;

/** Why a PIN is not taken; undefined where it is. */
export function pinWeakness(pin: string): string | undefined {
  const points = [...pin].map(character => character.codePointAt(0)!);
  if (points.length < shortestPin) return `it has fewer than ${shortestPin} characters`;
  if (points.length > longestPin) return `it has more than ${longestPin} characters`;
  if (/[\p{C}\p{Z}]/u.test(pin)) return 'it has blanks or invisible characters';
  const steps = new Set(points.slice(1).map((point, index) => point - points[index]!));
  const [step] = steps;
  if (steps.size === 1 && Math.abs(step!) <= 1) return 'it is one run or one character repeated';
  return undefined;
}

/** @returns a PHC string: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>` */
export async function hashPin(key: Buffer, pin: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(key, pin, salt, cost);
  return `$scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** `outdated`: right, and hashed with other parameters than today's. */
export async function checkPin(
  key: Buffer,
  pin: string,
  stored: string,
): Promise<'right' | 'outdated' | 'wrong'> {
  const { salt, hash, ...its } = readHash(stored);
  const same = timingSafeEqual(await derive(key, pin, salt, its), hash);
  if (!same) return 'wrong';
  return its.ln === cost.ln && its.r === cost.r && its.p === cost.p ? 'right' : 'outdated';
}

/** Takes as long as a check, for a person who is not there: how long it takes tells nobody who is. */
export async function checkNobody(key: Buffer, pin: string): Promise<void> {
  await derive(key, pin, randomBytes(16), cost);
}

function readHash(stored: string): Cost & { readonly salt: Buffer; readonly hash: Buffer } {
  const parts = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
    stored,
  );
  const [ln = 0, r = 0, p = 0] = parts?.slice(1, 4).map(Number) ?? [];
  const salt = Buffer.from(parts?.[4] ?? '', 'base64');
  const hash = Buffer.from(parts?.[5] ?? '', 'base64');
  const fits = ln > 0 && ln <= largest.ln && r > 0 && r <= largest.r && p > 0 && p <= largest.p;
  if (!fits || salt.length < 16 || hash.length !== hashBytes)
    throw new Error('the hash of a PIN in the ledger is damaged');
  return { ln, r, p, salt, hash };
}

function derive(key: Buffer, pin: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln;
  const options = { N, r, p, maxmem: 256 * r * (N + p + 2) };
  return new Promise((resolve, reject) => {
    scrypt(keyedDigest(key, 'pin', pin.normalize('NFKC')), salt, hashBytes, options, (error, derived) =>
      error ? reject(error) : resolve(derived),
    );
  });
}

/** As PHC strings have it: base64 without padding. */
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
