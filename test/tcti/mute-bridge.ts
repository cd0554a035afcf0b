/** Run by the contract test: sends one command to a bridge that never answers, says how it ended, and leaves it open. */

import { accessWith } from '../../scripts/virtual-dut/ssh-dut.ts';
import { TctiError } from '../../src/tcti/errors.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';

const [conf = '', identityFile = '', hostKey = ''] = process.argv.slice(2);
const ssh = accessWith(identityFile, hostKey);
const tcti = await openTcti(parseTctiConf(conf), { connectDeadlineMs: 5_000, ssh });
try {
  await tcti.transmit(Buffer.from('80010000000c0000017b0008', 'hex'), { deadlineMs: 100 });
  process.stdout.write('answered');
} catch (error) {
  process.stdout.write(error instanceof TctiError ? error.code : String(error));
}
