/** What a language has to say: a language that lacks a text which English has does not compile. */
import type { en } from './en.ts';

export type * from './code-cards.ts';

/** Texts of the same keys; a plural form `_one` only where the language has one (Intl.PluralRules). */
type Texts<Source> = Source extends string
  ? string
  : {
      readonly [Key in keyof Source as Key extends `${string}_one` ? never : Key]: Texts<Source[Key]>;
    } & {
      readonly [Key in keyof Source as Key extends `${string}_one` ? Key : never]?: string;
    };

export type Catalogue = Texts<typeof en>;
