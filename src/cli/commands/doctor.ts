import type { Command } from 'commander';
import { action } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { table } from '../table.ts';

const marks = { good: 'ok', notice: 'note', bad: 'BAD' } as const;

export function addDoctorCommand(program: Command): void {
  const command = program.command('doctor').description('checks of this station, each with its remedy');
  action(command, async invocation => {
    const { examineStation } = await import('../../station/doctor/doctor.ts');
    const findings = await examineStation(invocation.dataDirectory, invocation.signal);
    invocation.output.document({ findings }, () =>
      table(
        findings.flatMap(f => [
          [marks[f.state], f.check, f.found],
          ...(f.remedy ? [['', '', `→ ${f.remedy}`]] : []),
        ]),
      ),
    );
    const worst = findings.find(finding => finding.state === 'bad');
    return worst ? exitCodes[worst.kind ?? 'usage'] : exitCodes.done;
  });
}
