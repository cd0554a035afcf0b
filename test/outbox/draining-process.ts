/**
 * Drains the outbox in a file until it is killed: `node draining-process.ts STATE_FILE CONNECTION_STRING CA_FILE`. The file is
 * replaced whole at every change, before anything is sent on the strength of it. Says `draining` on stdout when it begins.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseConnectionString } from '../../src/dps/connection-string.ts';
import { ServiceClient } from '../../src/dps/service-client.ts';
import { drainOnce } from '../../src/outbox/drain-once.ts';
import { systemTiming } from '../../src/outbox/timing.ts';
import { MemoryStore } from './memory-store.ts';

const [stateFile = '', connectionString = '', caFile = ''] = process.argv.slice(2);
const store = MemoryStore.restored(readFileSync(stateFile, 'utf8'));
store.onChange = () => {
  writeFileSync(`${stateFile}.new`, store.snapshot());
  renameSync(`${stateFile}.new`, stateFile);
};
const connection = parseConnectionString(connectionString);
const service = new ServiceClient({ connection, ca: readFileSync(caFile, 'utf8'), deadlineMs: 5_000 });
process.stdout.write('draining\n');
await drainOnce({ store, service, timing: systemTiming });
service.close();
