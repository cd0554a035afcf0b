/** What a screen sees of the station: plain data, complete in itself, sent whole at first and then piece by piece. */
import type { DpsErrorCode } from '../dps/errors.ts';
import type { HarvestStep, WarningCode } from '../harvest/finding.ts';
import type { Role } from './access/roles.ts';
import type { VerdictCode } from './attempt/verdict.ts';
import type { BackupTrouble } from './backup/backup-view.ts';
import type { DrainPause } from './drain/pause-drain.ts';
import type { Overruling } from './overruling/overruling.ts';
import type { WorkOrderView } from './work-orders.ts';

export type { WorkOrderView };

export interface StepView {
  readonly step: HarvestStep;
  readonly state: 'waiting' | 'running' | 'done' | 'stopped';
  /** What was found at this step, a few words. */
  readonly found?: string;
  readonly ms?: number;
}

export interface VerdictView {
  readonly harvestId: string;
  readonly verdict: 'passed' | 'retest' | 'refused' | 'failed';
  readonly code: VerdictCode;
  readonly warnings: readonly WarningCode[];
  readonly registrationId?: string;
  readonly tpm?: string;
  readonly ekSha256?: string;
  readonly responseCode?: string;
  /** E.g. `TPM_RC_LOCKOUT`. */
  readonly responseCodeName?: string;
  readonly detail?: string;
  /** For `clone` and the like: the serial that the ledger has for this key. */
  readonly otherSerial?: string;
  /** The serial that the device itself gave, where it differs. */
  readonly dutSerial?: string;
  /** It is of a reference unit, and says something of the fixture. */
  readonly golden?: true;
  /** What a supervisor can decide about it, in place (rule H6). */
  readonly overruling?: Overruling;
  /** With `passed-by-decision`: the name of the person whose decision it is. */
  readonly decidedBy?: string;
  /** Epoch milliseconds of the commit. */
  readonly committedAt: number;
}

/**
 * What a fixture that starts by itself has seen: nothing sits in it; a device came and waits for its serial; or what sits
 * there was tested, or was there from the start, and must be taken out before the next one starts.
 */
export type HandsFreeView = 'empty' | 'arrived' | 'occupied';

/** Whether a reference unit went through the whole chain at a fixture in this shift. */
export interface GoldenCheckView {
  /** `failed`: the last one; `checked`: it passed, and holds `until` then. */
  readonly state: 'due' | 'checked' | 'failed';
  /** The fixture tests no other units but while it is checked. */
  readonly required: boolean;
  /** Epoch milliseconds of the last check. */
  readonly at?: number;
  readonly until?: number;
}

export interface FixtureView {
  readonly id: string;
  /** 1-based, the key that picks it. */
  readonly number: number;
  readonly name: string;
  readonly state: 'idle' | 'armed' | 'running' | 'decided';
  readonly serial?: string;
  readonly steps: readonly StepView[];
  readonly verdict?: VerdictView;
  /** Epoch milliseconds. */
  readonly startedAt?: number;
  readonly durationMs?: number;
  /** Only of a fixture that starts by itself. */
  readonly handsFree?: HandsFreeView;
  /** Only where the station has reference units. */
  readonly golden?: GoldenCheckView;
  /** A supervisor's password of the TPM's endorsement hierarchy is at hand for it; the password is in no view. */
  readonly hasPassword?: true;
}

export interface OutboxView {
  readonly queued: number;
  readonly sending: number;
  readonly enrolled: number;
  readonly conflict: number;
  readonly quarantined: number;
  /** Epoch milliseconds of the oldest entry that waits. */
  readonly oldestAt?: number;
  /** While a person holds back what goes to DPS. */
  readonly paused?: DrainPause;
}

/** `drain-elsewhere`: another Keyline process sends this ledger to DPS, and knows more of the connection than we do. */
export type ConnectionCode = DpsErrorCode | 'drain-elsewhere';

export interface ConnectionView {
  readonly state: 'online' | 'offline' | 'refused' | 'not-configured';
  readonly host?: string;
  /** Epoch milliseconds: since when it is in this state, and the last answer of DPS. */
  readonly since: number;
  readonly lastContact?: number;
  /** Why it is not online. */
  readonly code?: ConnectionCode;
}

/** Of the shift that is under way, or of the day where no shifts are configured. */
export interface TodayView {
  /** Epoch milliseconds: when it began, and when the next shift begins. */
  readonly since: number;
  readonly until?: number;
  /** Devices that passed, and attempts of any outcome. */
  readonly passed: number;
  readonly attempts: number;
  /** Attempts in which nothing was learnt of a device: nothing answered, or they were stopped. No part of any yield. */
  readonly withoutContact: number;
  /** Share (0..1) of the devices tried for the first time that passed at it; absent before the first. */
  readonly firstPassYield?: number;
  /** Passed in the last hour, counted in steps of five minutes, and its yield. */
  readonly lastHour: number;
  readonly lastHourYield?: number;
  /** For each quarter of an hour from `from` (epoch milliseconds) on; the last one is still growing. */
  readonly quarters: {
    readonly from: number;
    /** How many the plots have room for. */
    readonly of: number;
    readonly passed: readonly number[];
    /** First-pass yield; null where no device was tried for the first time. */
    readonly yield: readonly (number | null)[];
  };
}

/** Who is at a window. `proof`: a badge alone gives an operator's rights, whatever the role. */
export type WhoView =
  | { readonly state: 'locked' }
  | {
      readonly state: 'signed-in';
      readonly id: string;
      readonly name: string;
      readonly role: Role;
      readonly proof: 'badge' | 'pin';
    };

export interface ScannerFrame {
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
}

export interface StationView {
  readonly station: {
    readonly name: string;
    readonly line: string;
    readonly product: string;
    readonly rehearsal: boolean;
    readonly version: string;
    readonly language: 'en' | 'ko';
    /** Target in devices an hour where the configuration gives one. */
    readonly targetPerHour?: number;
    /** What the plant's scanners put around every scan, over and above Enter or Tab. */
    readonly scanner?: ScannerFrame;
    /** What badges begin with; absent where nothing tells a badge from a serial. */
    readonly badgePrefix?: string;
    /** What is made here, as the configuration names it. */
    readonly products: readonly string[];
  };
  readonly fixtures: readonly FixtureView[];
  readonly outbox: OutboxView;
  readonly connection: ConnectionView;
  readonly today: TodayView;
  /** The order that the station works on. */
  readonly workOrder?: WorkOrderView;
  /** Milliseconds that the station's clock is ahead of DPS's (behind: negative); absent where it is right or nothing tells. */
  readonly clockAheadMs?: number;
  /** Of this window; absent while the station has no supervisor, and nobody has to sign in. */
  readonly who?: WhoView;
  /** Of this window: staff may end the kiosk here (`leave-kiosk.ts`). */
  readonly canEnd?: true;
  /** A fault of the station itself (ledger full, key missing, …): a VerdictCode-like word from `StationFaultCode`. */
  readonly fault?: string;
  /** The scheduled backups; absent while nothing is wrong with them. */
  readonly backup?: BackupTrouble;
}

export type LiveEvent =
  | { readonly kind: 'snapshot'; readonly view: StationView }
  | { readonly kind: 'fixture'; readonly fixture: FixtureView }
  | { readonly kind: 'outbox'; readonly outbox: OutboxView }
  | { readonly kind: 'connection'; readonly connection: ConnectionView }
  | { readonly kind: 'today'; readonly today: TodayView }
  /** The configuration changed: names, language, product, fixtures. */
  | {
      readonly kind: 'settings';
      readonly station: StationView['station'];
      readonly fixtures: readonly FixtureView[];
    }
  /** Null: the station works on none. */
  | { readonly kind: 'work-order'; readonly workOrder: WorkOrderView | null }
  /** Null: right, or nothing tells. */
  | { readonly kind: 'clock'; readonly aheadMs: number | null }
  /** Null: nobody has to sign in. */
  | { readonly kind: 'who'; readonly who: WhoView | null }
  | { readonly kind: 'fault'; readonly fault: string | null }
  /** Null: nothing is wrong with them. */
  | { readonly kind: 'backup'; readonly trouble: BackupTrouble | null };
