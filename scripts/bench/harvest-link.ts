/**
 * A harvest over links on which every exchange costs a round trip, and so little else counts: TPM commands over TCP at
 * 10 ms, and a DUT behind sshd at 50 ms, where connecting costs round trips of its own. The floor opens the same carrier,
 * sends the same commands and closes it.
 */
import { defaultDeadlines } from '../../src/harvest/run-harvest.ts';
import { openTcti } from '../../src/tcti/open-tcti.ts';
import { parseTctiConf } from '../../src/tcti/tcti-conf.ts';
import { startSlowLink } from '../virtual-dut/slow-link.ts';
import { startSshDut } from '../virtual-dut/ssh-dut.ts';
import { withDut } from './bench-duts.ts';
import { type Comparison, compare } from './comparison.ts';
import { type BenchedDut, countExchanges, recordHarvest, timeHarvest } from './one-harvest.ts';
import { type RecordedHarvest, sendCommands, sendRaw } from './raw-commands.ts';

const LINK_MS = 10;
const SSH_LINK_MS = 50;

export async function compareLinks(rounds: number): Promise<readonly Comparison[]> {
  const later: (() => unknown)[] = [];
  try {
    return [
      await compareAtLink(rounds, action => later.push(action)),
      await compareOverSsh(rounds, action => later.push(action)),
    ];
  } finally {
    for (const action of later.reverse()) await action();
  }
}

type Later = (action: () => unknown) => void;

async function compareAtLink(rounds: number, later: Later): Promise<Comparison> {
  return withDut('persisted', async dut => {
    const recorded = await recordHarvest(dut);
    const link = await startSlowLink(dut.port, LINK_MS, later);
    const bridge = `swtpm:host=127.0.0.1,port=${link.port}`;
    return compare(
      {
        name: `harvest over a link of ${LINK_MS} ms`,
        unit: 'ms',
        rounds,
        keyline: () => timeHarvest({ bridge }),
        floor: () => sendRaw(link.port, recorded),
        goal: { atMost: 1.02 },
      },
      { ...countExchanges(recorded), linkMs: LINK_MS },
    );
  });
}

async function compareOverSsh(rounds: number, later: Later): Promise<Comparison> {
  return withDut('persisted', async ({ bridge: tcti }) => {
    const sshd = await startSshDut({ way: 'tpm2_send', tcti }, later);
    const link = await startSlowLink(sshd.port, SSH_LINK_MS, later);
    const dut = { bridge: `ssh:dut@127.0.0.1:${link.port}`, ssh: sshd.access };
    const recorded = await recordHarvest(dut);
    return compare(
      {
        name: `harvest over ssh on a link of ${SSH_LINK_MS} ms`,
        unit: 'ms',
        rounds,
        keyline: () => timeHarvest(dut),
        floor: () => timeCommands(dut, recorded),
        goal: { atMost: 1.02 },
      },
      { ...countExchanges(recorded), linkMs: SSH_LINK_MS },
    );
  });
}

async function timeCommands({ bridge, ssh }: BenchedDut, recorded: RecordedHarvest): Promise<number> {
  const begun = performance.now();
  const { connectMs, commandMs } = defaultDeadlines;
  const tcti = await openTcti(parseTctiConf(bridge), { connectDeadlineMs: connectMs, ssh });
  await sendCommands(recorded, command => tcti.transmit(command, { deadlineMs: commandMs }));
  await tcti.close();
  return performance.now() - begun;
}
