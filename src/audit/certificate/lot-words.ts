/** The words of a lot's certificate in one language. */
import type { Incomplete, LotException } from './lot-facts.ts';

export interface LotWords {
  readonly language: string;
  readonly title: string;
  readonly complete: string;
  readonly incomplete: string;
  readonly rehearsal: string;
  readonly because: Readonly<Record<Incomplete['why'], (count: string) => string>>;
  readonly facts: Readonly<
    Record<
      | 'workOrder'
      | 'product'
      | 'station'
      | 'madeAt'
      | 'span'
      | 'ordered'
      | 'made'
      | 'harvested'
      | 'imported'
      | 'enrolled'
      | 'exceptions'
      | 'neverPassed'
      | 'retired'
      | 'notEnrolled'
      | 'debt'
      | 'attempts'
      | 'firstPass',
      string
    >
  >;
  readonly pace: string;
  readonly yield: string;
  /** Length of a bar in minutes. */
  readonly perBar: (minutes: string) => string;
  readonly list: string;
  readonly none: string;
  readonly kind: Readonly<Record<LotException['kind'], string>>;
  readonly columns: readonly [kind: string, serial: string, why: string, at: string];
  readonly evidence: string;
  readonly evidenceHow: string;
  readonly checkpoint: string;
  readonly key: string;
  readonly signatures: readonly [string, string];
  readonly signatureFields: readonly [name: string, date: string, signature: string];
  readonly meaning: string;
}
