/** Records devices without end and says each number once it is on disk, until it is killed. */
import { writeSync } from 'node:fs';
import { openLedger } from '../../db/ledger-file.ts';
import { recordDevice } from './ledger-fixture.ts';

const ledger = openLedger(process.argv[2]!);
for (let n = ledger.counts.devices(); ; n++) {
  recordDevice(ledger, n);
  writeSync(1, `${n}\n`);
}
