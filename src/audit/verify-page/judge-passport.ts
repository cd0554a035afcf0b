/** Judges a passport: entries by their inclusion proofs, what it says of the device by the entries, the rest by the seal. */
import { type Bytes, canonical, canonicalObject, fromBase64, sha256, toHex, utf8 } from './bytes.ts';
import { type ParsedEntry, parseEntry } from './entry.ts';
import { type KeyChain, openCheckpoint, readKeyChain } from './key-chain.ts';
import { type Checkpoint, noteText, openNote, sealText } from './note.ts';
import { compareClaims, isPassed } from './passport-claims.ts';
import { leafHash, provesInclusion } from './tree.ts';
import { type Given, givenHeads, levelOf, refuseOther } from './trusted.ts';
import { type Claim, Found, type Proved } from './verdict.ts';

interface Log {
  readonly origin: string;
  readonly size: number;
  readonly checkpoint: string;
  readonly verifierKey: string;
  readonly rotations?: readonly string[];
  readonly entries: readonly {
    readonly index: number;
    readonly entry: string;
    readonly proof: readonly string[];
  }[];
}

interface Passport {
  readonly certificates: readonly string[];
  readonly claims: readonly (Claim & { readonly origin: string })[];
  readonly device: Readonly<Record<string, string>> & {
    readonly serial: string | null;
    readonly workOrder: string | null;
  };
  readonly logs: readonly Log[];
  readonly rehearsal: boolean;
  readonly seal: string;
}

const memberNames = 'certificates,claims,device,format,keyline,logs,madeAt,rehearsal,seal,v';

export const beginsAsPassport = (text: string): boolean => text.startsWith('{"certificates":[');

export async function judgePassport(text: string, given: Given): Promise<Proved> {
  const { passport, sealed } = readPassport(text);
  const entries: ParsedEntry[] = [];
  let current: Signed | undefined;
  let before: Log | undefined;
  for (const log of passport.logs) {
    current = await signedHead(log);
    if (log === passport.logs.at(-1)) {
      for (const head of await givenHeads(given, current.chain))
        if (head.size === log.size) refuseOther(head, current.head);
    }
    const read = await provedEntries(log, current.head.root, passport.rehearsal);
    if (before && read.find(({ index }) => index === 0)?.data.previousCheckpoint !== before.checkpoint)
      throw new Found('checkpoint-differs');
    entries.push(...read);
    before = log;
  }
  if (!current) throw new Found('malformed');
  const { chain, head } = current;
  await compare(passport, entries);
  const seal = await openNote(passport.seal, chain.newest);
  if (seal !== (await sealText('passport', head.origin, head.size, utf8(sealed))))
    throw new Found('seal-differs');
  const heads = await givenHeads(given, chain);
  const witnessed = heads.some(({ size }) => size === head.size);
  const { serial, registrationId, ekSha256 } = passport.device;
  return {
    ok: true,
    kind: 'passport',
    level: witnessed ? 'witnessed' : levelOf(given) === 'intact' ? 'intact' : 'signed',
    origin: head.origin,
    rehearsal: passport.rehearsal,
    size: head.size,
    entries: entries.length,
    withheld: 0,
    root: toHex(head.root),
    key: chain.newest.text,
    witnessedUpTo: witnessed ? head.size : 0,
    device: { serial, registrationId: registrationId!, ekSha256: ekSha256! },
    claims: passport.claims,
  };
}

function readPassport(text: string): { readonly passport: Passport; readonly sealed: string } {
  if (!text.endsWith('\n')) throw new Found('truncated');
  const json = canonicalObject(text.slice(0, -1));
  if (!json || Object.keys(json).sort().join() !== memberNames) throw new Found('malformed');
  if (json.format !== 'keyline-device-passport' || json.v !== 1) throw new Found('malformed');
  const { seal: _, ...sealed } = json;
  return { passport: json as unknown as Passport, sealed: canonical(sealed) };
}

interface Signed {
  readonly chain: KeyChain;
  readonly head: Checkpoint;
}

async function signedHead(log: Log): Promise<Signed> {
  const chain = await readKeyChain(log.origin, log.verifierKey, log.rotations);
  const head = await openCheckpoint(chain, log.checkpoint);
  if (!head)
    throw new Found(
      noteText(log.checkpoint).startsWith('keyline ') ? 'checkpoint-differs' : 'signature-wrong',
    );
  if (head.origin !== log.origin || head.size !== log.size) throw new Found('checkpoint-differs');
  return { chain, head };
}

async function provedEntries(log: Log, root: Bytes, rehearsal: boolean): Promise<ParsedEntry[]> {
  const read: ParsedEntry[] = [];
  let last = -1;
  for (const { index, entry: text, proof } of log.entries) {
    const siblings = proof.map(fromBase64);
    const whole = siblings.every(sibling => sibling !== undefined);
    const leaf = await leafHash(utf8(text));
    if (!whole || !(await provesInclusion(leaf, { index, size: log.size }, siblings, root)))
      throw new Found('entry-changed', index);
    const entry = parseEntry(text);
    if (!entry) throw new Found('entry-malformed', index);
    if (entry.origin !== log.origin || entry.rehearsal !== rehearsal || entry.index !== index)
      throw new Found('entry-of-another-log', index);
    if (index <= last) throw new Found(index === last ? 'entry-doubled' : 'entry-reordered', index);
    last = index;
    read.push(entry);
  }
  return read;
}

async function compare(passport: Passport, entries: readonly ParsedEntry[]): Promise<void> {
  const { device, certificates, claims } = passport;
  const key = fromBase64(device.endorsementKey ?? '');
  if (!key || toHex(await sha256(key)) !== device.ekSha256) throw new Found('device-differs');
  const own = entries.filter(({ data }) => data.ekSha256 === device.ekSha256);
  const passed = own.filter(isPassed);
  const made = passed.find(({ data }) => data.registrationId === device.registrationId);
  const fits =
    made?.data.product === device.product &&
    made?.data.ekTemplate === device.ekTemplate &&
    passed.some(({ data }) => data.serial === device.serial) &&
    passed.some(({ data }) => (data.workOrder ?? null) === device.workOrder);
  if (!fits) throw new Found('device-differs');
  const known = own.flatMap(({ data }) => {
    const { sha256: digest, chain } = (data.certificate ?? {}) as {
      sha256?: string;
      chain?: readonly string[];
    };
    return [digest, ...(chain ?? [])];
  });
  for (const text of certificates) {
    const der = fromBase64(text);
    if (!der || !known.includes(toHex(await sha256(der)))) throw new Found('certificate-differs');
  }
  compareClaims(device, claims, entries);
}
