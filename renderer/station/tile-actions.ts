/** What hands can do to a fixture from its tile. The functions stay the same objects, so that a quiet tile is not drawn again. */
export interface TileActions {
  /** Opens the field for a serial. */
  readonly enter: (fixture: string) => void;
  readonly start: (fixture: string) => void;
  /** Tests the same serial in the same fixture once more. */
  readonly again: (fixture: string) => void;
  /** Opens what a supervisor can decide about its verdict. */
  readonly decide: (fixture: string) => void;
  /** Opens the field for the password that its TPM asks for. */
  readonly password: (fixture: string) => void;
  /** Takes back the password that is at hand for it. */
  readonly forgetPassword: (fixture: string) => void;
  readonly stop: (fixture: string) => void;
  /** Takes serial or verdict off the fixture. What was decided stays in the ledger. */
  readonly clear: (fixture: string) => void;
  /** Opens the tile in full. */
  readonly open: (fixture: string) => void;
}
