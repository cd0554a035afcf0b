/** The one door to every TPM bridge: opens the carrier that a conf string names. */

import { TctiError } from './errors.ts';
import { openSwtpm } from './swtpm-tcti.ts';
import type { OpenOptions, Tcti } from './tcti.ts';
import type { TctiConf } from './tcti-conf.ts';

/** Rejects with TctiError: `unreachable`, `not-permitted`, `busy` or `cancelled`, and leaves nothing open then. */
export async function openTcti(conf: TctiConf, options: OpenOptions): Promise<Tcti> {
  switch (conf.name) {
    case 'swtpm':
      return openSwtpm(conf, options);
    default:
      throw new TctiError('conf-invalid', `The carrier ${conf.name} is not there yet`);
  }
}
