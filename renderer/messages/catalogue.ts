/**
 * What a language has to say. A code of the station without a card, or a language that lacks a text which English has,
 * does not compile.
 */
import type {
  ApiErrorCode,
  ClearAnswer,
  ConnectionView,
  LedgerFaultCode,
  ScanRefusalCode,
  SerialRefusalCode,
  StartAnswer,
  StepView,
  StopAnswer,
  VerdictCode,
  VerdictView,
} from '../../src/api/contract.ts';
import type { en } from './en.ts';

/** What happened and what to do now. `title` fits one line of a tile. */
export interface Card {
  readonly title: string;
  readonly what: string;
  readonly do: string;
}

type CodeOf<Answer> = Answer extends { readonly code: infer Code extends string } ? Code : never;

export type WarningCode = VerdictView['warnings'][number];
/** Answers to start, stop and clear. */
export type RefusalCode = CodeOf<StartAnswer | StopAnswer | ClearAnswer>;
export type DpsCode = NonNullable<ConnectionView['code']>;
/** The refusals of a scan that are not about the serial itself: those have the verdict's card. */
export type PlaceRefusalCode = Exclude<ScanRefusalCode, SerialRefusalCode>;

export interface CodeCards {
  readonly word: Readonly<Record<VerdictView['verdict'], string>>;
  readonly step: Readonly<Record<StepView['step'], string>>;
  readonly stepState: Readonly<Record<StepView['state'], string>>;
  readonly connectionState: Readonly<Record<ConnectionView['state'], string>>;
  readonly verdict: Readonly<Record<VerdictCode, Card>>;
  readonly warning: Readonly<Record<WarningCode, Card>>;
  readonly dps: Readonly<Record<DpsCode, Card>>;
  readonly scan: Readonly<Record<PlaceRefusalCode, Card>>;
  readonly refusal: Readonly<Record<RefusalCode, Card>>;
  readonly call: Readonly<Record<ApiErrorCode, Card>>;
  readonly fault: Readonly<Record<LedgerFaultCode | 'other', Card>>;
}

/** Texts of the same keys; a plural form `_one` only where the language has one (Intl.PluralRules). */
type Texts<Source> = Source extends string
  ? string
  : {
      readonly [Key in keyof Source as Key extends `${string}_one` ? never : Key]: Texts<Source[Key]>;
    } & {
      readonly [Key in keyof Source as Key extends `${string}_one` ? Key : never]?: string;
    };

export type Catalogue = Texts<typeof en>;
