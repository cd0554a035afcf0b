/** What a passport says of its device beside the entries, compared with what the entries say. */
import { hash } from 'node:crypto';
import { compareClaims } from './passport-claims.ts';
import type { Passport } from './passport-file.ts';
import type { EntryFacts } from './scan-entry.ts';
import { Found } from './verdict.ts';

/** @throws Found `device-differs`, `certificate-differs`, `claim-differs` */
export function comparePassport(passport: Passport, entries: readonly EntryFacts[]): void {
  compareDevice(passport, entries);
  compareCertificates(passport, entries);
  compareClaims(passport, entries);
}

function compareDevice({ device }: Passport, entries: readonly EntryFacts[]): void {
  if (hash('sha256', device.endorsementKey, 'hex') !== device.ekSha256)
    throw new Found('device-differs', 'the endorsement key is not that of its digest');
  const passed = entries.filter(({ data }) => isPassed(data) && data.ekSha256 === device.ekSha256);
  const made = passed.find(({ data }) => data.registrationId === device.registrationId);
  if (!made)
    throw new Found('device-differs', 'no entry here says that this key passed under this registration id');
  for (const member of ['product', 'ekTemplate'] as const)
    if (made.data[member] !== device[member])
      throw new Found('device-differs', `${member} is not what entry ${made.index} says`, {
        index: made.index,
      });
  if (
    device.endorsementKey.toString('base64') !==
    (made.data.endorsementKey ?? device.endorsementKey.toString('base64'))
  )
    throw new Found('device-differs', `the key is not what entry ${made.index} says`, { index: made.index });
  // An import without a serial is named by the first harvest of its key.
  const named = passed.some(({ data }) => data.serial === device.serial);
  if (!named) throw new Found('device-differs', 'no entry here says that this key passed with this serial');
  if (!passed.some(({ data }) => (data.workOrder ?? null) === device.workOrder))
    throw new Found('device-differs', 'no entry here says that this key passed in this work order');
}

function compareCertificates({ certificates, device }: Passport, entries: readonly EntryFacts[]): void {
  const known = new Set<unknown>(
    entries
      .filter(({ data }) => data.ekSha256 === device.ekSha256)
      .flatMap(({ data }) => {
        const { sha256, chain } = (data.certificate ?? {}) as { sha256?: unknown; chain?: unknown };
        return [sha256, ...(Array.isArray(chain) ? chain : [])];
      }),
  );
  for (const [at, der] of certificates.entries())
    if (!known.has(hash('sha256', der, 'hex')))
      throw new Found('certificate-differs', `certificate ${at + 1} is none that an entry names`);
}

const isPassed = (data: EntryFacts['data']): boolean =>
  data.verdict === 'passed' || data.verdict === 'retest';
