/** Refused duplicates that live in the page, both sides made up; Mina alone decides, by her PIN. */
import type {
  AttemptComparison,
  CompareAttemptAnswer,
  FixtureView,
  OverruleAnswer,
  OverruleInput,
  TriedBefore,
} from '../../../src/api/contract.ts';

const at = Date.UTC(2026, 10, 20, 8, 15);
const key = 'a3f0 19bc 77e2 d048';
const otherKey = 'a3f0 4c1d 77e2 0b95';

const tried = (n: number, rest: Partial<TriedBefore>): TriedBefore => ({
  harvestId: `tried-${n}`,
  at: at + n * 3_600_000,
  serial: 'GX2-004107',
  verdict: 'passed',
  code: 'passed',
  origin: 'harvested',
  fixture: 'f2',
  workOrder: 'WO-88213',
  key,
  ...rest,
});

export function comparisonOf({ verdict, serial = 'GX2-004108' }: FixtureView): AttemptComparison {
  const relabels = verdict!.overruling === 'relabel';
  const before = relabels ? 'GX2-004107' : serial;
  const field = (name: string, ours: string | null, theirs: string | null, told = false) => ({
    name,
    ours,
    theirs,
    differs: !told && ours !== theirs,
  });
  return {
    harvestId: verdict!.harvestId,
    code: verdict!.code,
    serial,
    deviceId: 'device-1',
    overruling: verdict!.overruling!,
    roles: ['supervisor'],
    fields: [
      field('endorsementKey', key, relabels ? key : otherKey),
      field('serial', before, serial),
      field('tpm', 'IFX SLB9670 · 7.85.4555.0', 'IFX SLB9670 · 7.85.4555.0'),
      field(
        'registrationId',
        'k2v7n4qzr3u5mxw6ytb2ajhe4c',
        relabels ? 'k2v7n4qzr3u5mxw6ytb2ajhe4c' : 'q5rztuxnvk',
      ),
      field('workOrder', 'WO-88213', 'WO-88240', true),
      field('certificate', 'verified', 'unchecked', true),
      field('enrollment', 'create enrolled', null, true),
    ],
    ours: [tried(2, { serial: before, verdict: 'retest', code: 'retest' }), tried(0, { serial: before })],
    theirs: [],
    serialBefore: before,
    isEnrolled: true,
    keepsId: relabels,
    namesTaken: false,
  };
}

/** @param become takes what the fixture is from now on */
export function fakeVerdicts(fixtures: () => readonly FixtureView[], become: (fixture: FixtureView) => void) {
  const find = (harvest: string) => fixtures().find(({ verdict }) => verdict?.harvestId === harvest);
  return {
    compareAttempt({ harvest }: { harvest: string }): CompareAttemptAnswer {
      const fixture = find(harvest);
      return fixture
        ? { ok: true, comparison: comparisonOf(fixture) }
        : { ok: false, code: 'harvest-unknown' };
    },
    overruleAttempt({ harvest, overruling, device, by }: OverruleInput): OverruleAnswer {
      const fixture = find(harvest);
      if (!fixture?.verdict) return { ok: false, code: 'harvest-outdated' };
      if (by && (!('id' in by) || by.id !== 'mina')) return { ok: false, code: 'role-missing' };
      if (by && by.pin !== '240817') return { ok: false, code: 'sign-in-refused' };
      const { overruling: _open, detail: _detail, ...verdict } = fixture.verdict;
      become({
        ...fixture,
        verdict: {
          ...verdict,
          harvestId: `decided-${harvest}`,
          verdict: 'passed',
          code: 'passed-by-decision',
          decidedBy: 'Kim Mina',
        },
      });
      return {
        ok: true,
        overruled: {
          harvestId: `decided-${harvest}`,
          overruled: harvest,
          overruling,
          deviceId: 'device-2',
          retiredDeviceId: device,
          serial: fixture.serial ?? '',
          serialBefore: 'GX2-004107',
          registrationId: 'k2v7n4qzr3u5mxw6ytb2ajhe4c',
          ekSha256: verdict.ekSha256 ?? '',
          deleteEntry: 'entry-1',
          createEntry: 'entry-2',
          at,
        },
      };
    },
  };
}
