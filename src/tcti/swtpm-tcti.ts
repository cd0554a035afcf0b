/**
 * Carrier `swtpm`: bare TPM frames over one connection to the data channel of `swtpm socket` (swtpm(8)), over TCP or a
 * Unix-domain socket. Unlike tpm2-tss it needs no control channel: one connection serves the whole harvest. swtpm serves
 * one connection at a time, so a second station waits until its deadline. No resource manager is behind it.
 */
import { connectLine } from './connect.ts';
import { LineTcti } from './line-tcti.ts';
import { bareFraming } from './stream-line.ts';
import type { OpenOptions, Tcti } from './tcti.ts';
import type { SwtpmConf } from './tcti-conf.ts';

export async function openSwtpm(conf: SwtpmConf, options: OpenOptions): Promise<Tcti> {
  return new LineTcti('swtpm', false, await connectLine(conf, bareFraming(), options));
}
