/**
 * What can be done to a device in service from a screen, and doing it: each is a person's act with a reason, goes through the
 * outbox, and may bring id or badge and PIN of who does it. Expected refusals are values with a code.
 */
import type { DeviceRow } from '../../../db/rows.ts';
import type { Hands, OneTimeSignIn } from '../access/hands.ts';
import type { AccessRefusalCode } from '../access/refusals.ts';
import { actRoles, type Role } from '../access/roles.ts';
import { type Act, reasonOf } from '../act.ts';
import { answering } from '../kiosk/desk-answer.ts';
import type { StationCore } from '../open-core.ts';
import { isDisabled, isEnrolledOrWillBe } from '../queue/request-entry.ts';
import { disableEnrollment, enableEnrollment } from './change-enrollment.ts';
import { refusedForOtherKey, replaceDevice } from './replace-device.ts';
import { deleteDevice } from './retire-device.ts';
import { updateDevices } from './update-enrollments.ts';

export const deviceVerbs = ['update', 'disable', 'enable', 'replace', 'delete'] as const;
export type DeviceVerb = (typeof deviceVerbs)[number];

/** Updating needs no role, but somebody. */
const rolesOf: Readonly<Record<DeviceVerb, readonly Role[]>> = {
  update: [],
  disable: actRoles['switch-enrollment'],
  enable: actRoles['switch-enrollment'],
  replace: actRoles['replace-device'],
  delete: actRoles['delete-device'],
};

export interface OpenDeviceAct {
  readonly verb: DeviceVerb;
  /** Whose it is; empty: everybody's. */
  readonly roles: readonly Role[];
}

export type DeviceActRefusalCode =
  | AccessRefusalCode
  | 'sign-in-key-missing'
  | 'reason-invalid'
  | 'device-unknown'
  | 'device-retired'
  | 'device-names'
  | 'not-enrolled'
  | 'harvest-unfit'
  | 'harvest-outdated'
  | 'names-taken';

export type DeviceActAnswer =
  /** The device that there is afterwards: another one where it was replaced. `changes`: false where DPS has it so already. */
  | { readonly ok: true; readonly deviceId: string; readonly changes: boolean }
  | { readonly ok: false; readonly code: DeviceActRefusalCode };

export interface DeviceActInput {
  /** Device id. */
  readonly device: string;
  readonly verb: DeviceVerb;
  readonly reason: string;
  /** Who does it, where it is not who is signed in; the PIN is used and forgotten. */
  readonly by?: OneTimeSignIn | undefined;
}

export interface DeviceActs {
  do(input: DeviceActInput): Promise<DeviceActAnswer>;
}

/** Empty for a device that left service. */
export function openDeviceActs(core: StationCore, deviceId: string): OpenDeviceAct[] {
  const device = core.ledger.devices.get(deviceId);
  if (!device || device.retired_at !== null) return [];
  return deviceVerbs.filter(verb => isOpen[verb](core, device)).map(verb => ({ verb, roles: rolesOf[verb] }));
}

const isOpen: Readonly<Record<DeviceVerb, (core: StationCore, device: DeviceRow) => boolean>> = {
  update: isEnrolledOrWillBe,
  disable: (core, device) => isEnrolledOrWillBe(core, device) && !isDisabled(core, device),
  enable: (core, device) => !isEnrolledOrWillBe(core, device) || isDisabled(core, device),
  replace: (core, device) => refusedForOtherKey(core, device) !== undefined,
  delete: () => true,
};

const carryOut: Readonly<Record<DeviceVerb, (core: StationCore, device: string, act: Act) => DoneAct>> = {
  update: (core, device, act) => ({
    deviceId: device,
    changes: updateDevices(core, [device], act).requested > 0,
  }),
  disable: (core, device, act) => queued(device, disableEnrollment(core, device, act)),
  enable: (core, device, act) => queued(device, enableEnrollment(core, device, act)),
  replace: (core, device, act) => ({
    deviceId: replaceDevice(core, { device }, act).deviceId,
    changes: true,
  }),
  delete: (core, device, act) => queued(device, deleteDevice(core, device, act)),
};

interface DoneAct {
  readonly deviceId: string;
  readonly changes: boolean;
}

const queued = (deviceId: string, _entry: unknown) => ({ deviceId, changes: true });

/** @param written there is something new in the outbox */
export function deviceActs(core: StationCore, hands: Hands, written: () => void): DeviceActs {
  return {
    do: ({ device, verb, reason, by }) =>
      answer(async () => {
        const act = { who: await hands.actor(by), reason: reasonOf(reason) };
        const done = carryOut[verb](core, device, act);
        written();
        return { ok: true, ...done } satisfies DeviceActAnswer;
      }),
  };
}

const answer = answering(
  'reason-invalid',
  'device-unknown',
  'device-retired',
  'device-names',
  'not-enrolled',
  'harvest-unfit',
  'harvest-outdated',
  'names-taken',
);
