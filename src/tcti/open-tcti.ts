/** The one door to every TPM bridge: opens the carrier that a conf string names. */
import { openCmd } from './cmd-tcti.ts';
import { openDevice } from './device-tcti.ts';
import { TctiError } from './errors.ts';
import { openMssim } from './mssim-tcti.ts';
import { openReplay } from './replay-tcti.ts';
import { openSsh } from './ssh-tcti.ts';
import { openSwtpm } from './swtpm-tcti.ts';
import type { OpenOptions, Tcti } from './tcti.ts';
import type { TctiConf } from './tcti-conf.ts';

/**
 * Rejects with TctiError and leaves nothing open then: `unreachable`, `not-permitted`, `busy`, `cancelled`; for `mssim`
 * also `closed` and `frame-invalid`, since its platform port is spoken to; for `ssh` these and
 * `host-key-mismatch`; for `replay` any, as it was recorded.
 */
export async function openTcti(conf: TctiConf, options: OpenOptions): Promise<Tcti> {
  if (options.signal?.aborted) throw new TctiError('cancelled', 'Cancelled before the bridge was opened');
  switch (conf.name) {
    case 'device':
      return openDevice(conf, options);
    case 'swtpm':
      return openSwtpm(conf, options);
    case 'mssim':
      return openMssim(conf, options);
    case 'cmd':
      return openCmd(conf);
    case 'ssh':
      return openSsh(conf, options);
    case 'replay':
      return openReplay(conf, options);
  }
}
