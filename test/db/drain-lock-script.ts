/** Takes the drain lock, says so, and holds it until it is killed. */
import { acquireDrainLock } from '../../db/drain-lock.ts';

const lock = acquireDrainLock(process.argv[2]!);
process.stdout.write(lock ? 'held\n' : 'refused\n');
process.stdin.resume();
