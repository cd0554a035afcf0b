/** Run by the test: starts a software TPM, says its process number, and ends, without stopping it, when stdin ends. */
import { startSwtpm } from '../../scripts/virtual-dut/start-swtpm.ts';

const swtpm = await startSwtpm({ stateDir: process.argv[2] ?? '' });
process.stdout.write(String(swtpm.pid));
process.stdin.resume();
