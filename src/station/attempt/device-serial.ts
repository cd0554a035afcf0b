/** Rule H10 at a station: how a product's devices are asked for their own serial, and what for. */

import { defaultDeadlines } from '../../harvest/deadlines.ts';
import {
  type DutSerialRule,
  dutSerialFiles,
  judgeDutSerial,
  readFileCommand,
} from '../../harvest/dut-serial.ts';
import { askDut } from '../../tcti/ask-dut.ts';
import { TctiError } from '../../tcti/errors.ts';
import { parseTctiConf } from '../../tcti/tcti-conf.ts';
import type { FixtureConfiguration, ProductConfiguration } from '../configuration/configuration.ts';
import type { StationCore } from '../open-core.ts';
import { deadlinesOf } from './fixture-deadlines.ts';
import { sshAccessOf } from './ssh-access.ts';

export type SerialSource = DutSerialRule['expectedFrom'];

/** Undefined where the product does not ask its devices. */
export function dutSerialRule(
  product: ProductConfiguration,
  expected: string,
  expectedFrom: SerialSource,
): DutSerialRule | undefined {
  const command = commandOf(product);
  if (command === undefined) return undefined;
  return { command, expected, expectedFrom, unread: product.dutSerial?.unread ?? 'refuse' };
}

/** What the device in a fixture gives as its serial; undefined where it gives none, or cannot be asked. */
export async function askDeviceSerial(
  core: StationCore,
  fixture: FixtureConfiguration,
  product: ProductConfiguration,
  signal: AbortSignal,
): Promise<string | undefined> {
  const command = commandOf(product);
  const conf = parseTctiConf(fixture.bridge);
  if (command === undefined || conf.name !== 'ssh') return undefined;
  const { connectMs, commandMs } = { ...defaultDeadlines, ...deadlinesOf(fixture) };
  const options = { connectDeadlineMs: connectMs, signal, ssh: sshAccessOf(core, fixture.id) };
  try {
    const answer = await askDut(conf, { command, deadlineMs: commandMs }, options);
    return judgeDutSerial(answer, { expected: '', expectedFrom: 'device' }, 'ssh').serial;
  } catch (error) {
    if (error instanceof TctiError) return undefined;
    throw error;
  }
}

function commandOf({ dutSerial }: ProductConfiguration): string | undefined {
  const { from, command } = dutSerial ?? {};
  return command ?? (from && readFileCommand(dutSerialFiles[from]));
}
