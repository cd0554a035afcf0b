/**
 * What a supervisor can decide of an attempt that was refused as a duplicate (rule H6): `relabel`, the key's device has the
 * scanned serial from now on; `accept`, the serial goes on with the key that was read. Pure.
 */
import type { ActName } from '../access/roles.ts';
import type { DuplicateCode } from '../attempt/verdict.ts';

export const overrulings = ['relabel', 'accept'] as const;
export type Overruling = (typeof overrulings)[number];

export const actOfOverruling = {
  relabel: 'relabel-device',
  accept: 'replace-device',
} as const satisfies Readonly<Record<Overruling, ActName>>;

/** The same pair under another product is nobody's to decide here: one of the two products is wrong. */
const overrulingOfCode: Readonly<Record<DuplicateCode, Overruling | undefined>> = {
  clone: 'relabel',
  'serial-has-other-key': 'accept',
  'same-tpm-other-key': 'accept',
  'other-tpm': 'accept',
  'other-product': undefined,
};

/** @param code of a verdict @returns undefined where nothing can be decided about it */
export function overrulingOf(code: string): Overruling | undefined {
  return Object.hasOwn(overrulingOfCode, code) ? overrulingOfCode[code as DuplicateCode] : undefined;
}
