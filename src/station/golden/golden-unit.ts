/** Reference units: which ones the configuration names, and the key that each is known by. */
import type { StationCore } from '../open-core.ts';

export interface GoldenUnit {
  readonly serial: string;
  /** Hex; absent before the first check that passed, where the configuration states none. */
  readonly ekSha256?: string;
  /** Of its last check that passed. */
  readonly certificateStatus?: string;
}

/** By its serial, as checked. */
export function goldenUnit(core: StationCore, serial: string): GoldenUnit | undefined {
  const named = core.configuration.station.goldenCheck?.units.find(unit => unit.serial === serial);
  if (!named) return undefined;
  const passed = core.ledger.goldenChecks.newestPassed(serial);
  const ekSha256 = named.ekSha256 ?? passed?.ek_sha256 ?? undefined;
  // What an older key had is no measure for the certificate of another one.
  const certificateStatus = passed?.ek_sha256 === ekSha256 ? passed?.certificate_status : undefined;
  return {
    serial,
    ...(ekSha256 === undefined ? {} : { ekSha256 }),
    ...(certificateStatus ? { certificateStatus } : {}),
  };
}

/** Whether this serial or this key is that of a reference unit, which never becomes a device. */
export function isGolden(core: StationCore, serial: string | null, ekSha256: string): boolean {
  const units = core.configuration.station.goldenCheck?.units ?? [];
  return units.some(unit => unit.serial === serial || goldenUnit(core, unit.serial)?.ekSha256 === ekSha256);
}
