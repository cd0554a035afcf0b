/** Run by the contract test: sends one command to a bridge that never answers, says how it ended, and leaves it open. */
import { TctiError } from '../../src/tcti/errors.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';

const tcti = await openTcti(parseTctiConf(process.argv[2] ?? ''), { connectDeadlineMs: 5_000 });
try {
  await tcti.transmit(Buffer.from('80010000000c0000017b0008', 'hex'), { deadlineMs: 100 });
  process.stdout.write('answered');
} catch (error) {
  process.stdout.write(error instanceof TctiError ? error.code : String(error));
}
