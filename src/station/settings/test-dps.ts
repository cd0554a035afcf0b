/**
 * The way to DPS examined for whoever sets it up: key, name, proxy, TLS, clock, both rights, as `doctor` does (examine-dps.ts),
 * as codes that the screens have words for. Nothing is changed there.
 */
import { DpsError, type DpsErrorCode } from '../../dps/errors.ts';
import { proxyFor } from '../../dps/proxy.ts';
import { isWrong } from '../clock/station-clock.ts';
import { withDps } from '../dps/dps-connection.ts';
import { checkRights } from '../dps/dps-rights.ts';
import { type DpsAccess, identityAtDps } from '../dps/dps-target.ts';
import type { StationCore } from '../open-core.ts';

export type DpsCheck = 'key' | 'reach' | 'read' | 'write' | 'clock' | 'scope';

export interface DpsCheckResult {
  readonly check: DpsCheck;
  readonly state: 'good' | 'notice' | 'bad';
  /** With `bad`: what is wrong; of the clock none. */
  readonly code?: DpsErrorCode;
  readonly detail?: string;
}

export interface DpsTest {
  readonly host: string | null;
  /** The policy or application. */
  readonly identity: string | null;
  readonly checks: readonly DpsCheckResult[];
  readonly ms: number;
}

/** Two requests one after the other within the screen's call, which has 10 s. */
const DEADLINE_MS = 4_000;

export async function testDps(core: StationCore): Promise<DpsTest> {
  const begun = performance.now();
  const done = (access: DpsAccess | null, checks: readonly DpsCheckResult[]): DpsTest => ({
    host: access?.target.host ?? core.dpsTarget?.host ?? null,
    identity: access && identityAtDps(access.connection),
    checks,
    ms: Math.round(performance.now() - begun),
  });
  let access: DpsAccess | null = null;
  try {
    core.dps.refresh();
    access = core.dps.access();
  } catch (error) {
    return done(null, [bad('key', error)]);
  }
  if (!access) return done(null, [{ check: 'key', state: 'bad' }]);
  const { host } = access.connection;
  const key: DpsCheckResult = {
    check: 'key',
    state: access.source === 'environment' ? 'notice' : 'good',
  };
  try {
    const proxy = proxyFor(host, process.env);
    const { read, write } = await withDps(core, access, DEADLINE_MS, checkRights);
    // One answer for a key that is wrong altogether: it says nothing of rights.
    if (read && write) return done(access, [key, bad('reach', read), ...clock(core)]);
    const through = proxy && { detail: proxy.name };
    return done(access, [
      key,
      { check: 'reach', state: 'good', ...through },
      read ? bad('read', read) : { check: 'read', state: 'good' },
      write ? bad('write', write) : { check: 'write', state: 'good' },
      ...clock(core),
      { check: 'scope', state: 'notice' },
    ]);
  } catch (error) {
    return done(access, [key, bad('reach', error), ...clock(core)]);
  }
}

function bad(check: DpsCheck, error: unknown): DpsCheckResult {
  if (!(error instanceof DpsError)) throw error;
  return { check, state: 'bad', code: error.code, detail: error.message };
}

/** Only where DPS said what time it is there. */
function clock(core: StationCore): DpsCheckResult[] {
  const ahead = core.clock.aheadMs();
  if (ahead === undefined) return [];
  return [
    isWrong(ahead)
      ? { check: 'clock', state: 'bad', code: 'clock-wrong', detail: `${Math.round(ahead / 1000)} s` }
      : { check: 'clock', state: 'good' },
  ];
}
