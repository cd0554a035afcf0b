/** Evidence in one piece, how each kind is verified, and one change of it: of a list either the list or its manifest. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Trust } from '../../src/audit/verify/trust.ts';
import type { Verdict } from '../../src/audit/verify/verdict.ts';
import { verifyConsistency } from '../../src/audit/verify/verify-consistency.ts';
import { verifyManifest } from '../../src/audit/verify/verify-manifest.ts';
import { verifyPassport } from '../../src/audit/verify/verify-passport.ts';
import type { Random } from '../fuzz/random.ts';
import type { SampleEvidence } from './sample-evidence.ts';
import { tamperExport } from './tamper-export.ts';
import { tamperSealed } from './tamper-sealed.ts';

type Look = (trust: Trust) => Promise<Verdict>;

export interface SealedEvidence {
  readonly name: string;
  readonly look: Look;
  /** Changes a copy of it in this folder. */
  readonly tampered: (folder: string) => { readonly what: string; readonly look: Look };
}

export function sealedEvidence(
  { passports, consistency, lists }: SampleEvidence,
  random: Random,
): SealedEvidence[] {
  const alone = (file: string, verify: (file: string, trust: Trust) => Promise<Verdict>): SealedEvidence => ({
    name: path.basename(file),
    look: trust => verify(file, trust),
    tampered: folder => {
      const { what, bytes } = tamperSealed(readFileSync(file), random);
      const changed = path.join(folder, 'changed.json');
      writeFileSync(changed, bytes);
      return { what, look: trust => verify(changed, trust) };
    },
  });
  return [
    ...passports.map(file => alone(file, verifyPassport)),
    alone(consistency, verifyConsistency),
    ...lists.map(list => ({
      name: path.basename(list),
      look: (trust: Trust) => verifyManifest(manifestOf(list), trust),
      tampered: (folder: string) => tamperList(list, folder, random),
    })),
  ];
}

function tamperList(list: string, folder: string, random: Random): ReturnType<SealedEvidence['tampered']> {
  const changed = path.join(folder, 'changed-lists', path.basename(list));
  const parts = { list: readFileSync(list), manifest: readFileSync(manifestOf(list)) };
  const isList = random.onceIn(2);
  const { what, bytes } = isList ? tamperExport(parts.list, random) : tamperSealed(parts.manifest, random);
  mkdirSync(path.dirname(changed), { recursive: true });
  writeFileSync(changed, isList ? bytes : parts.list);
  writeFileSync(manifestOf(changed), isList ? parts.manifest : bytes);
  return {
    what: `${isList ? 'list' : 'manifest'}: ${what}`,
    look: trust => verifyManifest(manifestOf(changed), trust),
  };
}

const manifestOf = (list: string): string => `${list}.manifest.json`;
