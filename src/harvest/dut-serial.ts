/**
 * Rule H10: the serial that the board itself gives (DMI, device tree, or what an engineer's command reads) against the
 * scanned one. A difference is refused before the TPM is touched. It is the board's word and no proof: what a maker wrote
 * into its flash. Possession and certificate, which are proofs, say which TPM answered and not which board it sits on.
 */
import { checkSerial } from '../enrollment/serial.ts';
import type { RemoteAnswer, TctiName } from '../tcti/tcti.ts';
import { cleanText } from '../tpm/clean-text.ts';
import type { DutSerialFinding, WarningCode } from './finding.ts';
import { Refusal } from './refusal.ts';

export interface DutSerialRule {
  /** For /bin/sh on the DUT; prints the serial. */
  readonly command: string;
  readonly expected: string;
  /** `device`: nobody scanned a label; the serial was asked of the device before the run. */
  readonly expectedFrom: 'label' | 'device';
  /** What becomes of a device whose own serial cannot be read. */
  readonly unread: 'refuse' | 'warn';
}

/** Where Linux shows a board's serial. */
export const dutSerialFiles = {
  /** SMBIOS type 1; readable by root alone. */
  'dmi-product-serial': '/sys/class/dmi/id/product_serial',
  /** SMBIOS type 2; readable by root alone. */
  'dmi-board-serial': '/sys/class/dmi/id/board_serial',
  /** The root node's `serial-number` (Devicetree Specification 0.4, 3.2). */
  'device-tree': '/proc/device-tree/serial-number',
} as const;

export type DutSerialSource = keyof typeof dutSerialFiles;
export const dutSerialSources = Object.keys(dutSerialFiles) as [DutSerialSource, ...DutSerialSource[]];

/** With dd, which a bare image has because its bridge needs it. @param file a path without quotes */
export function readFileCommand(file: string): string {
  return `LC_ALL=C exec dd if='${file}' bs=1024 count=1`;
}

/** What board makers leave where they write no serial, in lower case. */
const placeholders: ReadonlySet<string> = new Set([
  '0',
  '00000000',
  '0123456789',
  'base board serial number',
  'default string',
  'empty',
  'n/a',
  'na',
  'none',
  'not applicable',
  'not available',
  'not specified',
  'oem',
  'o.e.m.',
  'system serial number',
  'to be filled by o.e.m.',
  'unknown',
  'xxxxxxxx',
]);

export function judgeDutSerial(
  answer: RemoteAnswer | undefined,
  { expected, expectedFrom }: Pick<DutSerialRule, 'expected' | 'expectedFrom'>,
  bridge: TctiName,
): DutSerialFinding {
  const unread = (detail: string): DutSerialFinding => ({ status: 'unread', detail: cleanText(detail, 300) });
  if (answer === undefined) return unread(`over ${bridge} no command can be run on the device`);
  if ('unread' in answer) return unread(answer.unread);
  const text = answer.text.replace(/\0+\s*$/, '');
  const checked = checkSerial(text, {});
  if (!checked.ok)
    return unread(checked.code === 'serial-missing' ? 'it has none' : `it is no serial: ${checked.detail}`);
  const { serial } = checked;
  if (placeholders.has(serial.toLowerCase())) return unread(`it is the placeholder "${serial}"`);
  if (serial !== expected) return { status: 'differs', serial };
  return { status: expectedFrom === 'label' ? 'same' : 'taken', serial };
}

/** Throws Refusal. */
export function refuseOtherSerial(
  { expected, expectedFrom, unread }: DutSerialRule,
  found: DutSerialFinding,
  warnings: Set<WarningCode>,
): void {
  if (found.status === 'differs')
    throw new Refusal(
      'dut-serial-differs',
      `${expectedFrom === 'label' ? 'the label says' : 'the device said'} ${expected}, the device itself ${found.serial ?? ''}`,
    );
  if (found.status !== 'unread') return;
  if (unread === 'refuse')
    throw new Refusal(
      'dut-serial-unread',
      `the serial of the device itself cannot be read: ${found.detail ?? ''}`,
    );
  warnings.add('dut-serial-unread');
}
