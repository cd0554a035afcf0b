/** For doctor.test.ts: a station on a disk of which next to nothing is left. Argument: the disk. */
import path from 'node:path';
import { examineStation } from '../../../src/station/doctor/doctor.ts';

const env = { KEYLINE_REHEARSAL: '1', KEYLINE_SECRET_STORE: 'files' };
const dataDirectory = path.join(process.argv[2]!, 'station');
const findings = await examineStation(dataDirectory, new AbortController().signal, env);
const { state, kind, found } = findings.find(({ check }) => check === 'disk')!;
process.stdout.write(JSON.stringify({ state, kind, found }));
