/** What verify says: what was proved, or the first thing that is wrong. Both are expected endings, so both are values. */
export type Level =
  /** Fits itself; the key came with the file, so anyone could have made it. */
  | 'intact'
  /** Signed with a key that was given from elsewhere. */
  | 'signed'
  /** Extends a checkpoint that was given from outside. */
  | 'witnessed';

export interface Verified {
  readonly ok: true;
  readonly level: Level;
  readonly origin: string;
  /** Absent: a checkpoint by itself does not say. */
  readonly rehearsal?: boolean;
  /** Entries in the log, and how many of them stand here in full and as a hash. */
  readonly size: number;
  readonly entries: number;
  readonly withheld: number;
  /** Hex. */
  readonly rootHash: string;
  /** The newest signed note; absent where a ledger has none yet. */
  readonly checkpoint?: string;
  readonly verifierKey: string;
  /** Entries before this index are covered by a signature, and by a checkpoint from outside; from there on only the station's word stands. */
  readonly signedUpTo: number;
  readonly witnessedUpTo: number;
  /** Of a list of devices, by its manifest: how many there are in it; it shows no entries. */
  readonly devices?: number;
  /** Of a passport: whose it is, and which entry shows what. */
  readonly passport?: {
    readonly serial: string | null;
    readonly registrationId: string;
    readonly ekSha256: string;
    readonly claims: readonly PassportClaim[];
  };
  /** Of a ledger: the archives of its log. */
  readonly archives?: readonly RestingEntries[];
  /** Of a consistency proof: entries of the earlier checkpoint, all of which the later one begins with. */
  readonly extends?: number;
  /** Of a checkpoint by itself: it shows no entries. */
  readonly isCheckpoint?: true;
  /** Where checkpoints were given as a folder. */
  readonly unused?: UnusedCheckpoints;
}

/** Checkpoints of a folder that said nothing of the file: those of other logs, and those that cover more than it does. */
export interface UnusedCheckpoints {
  readonly otherLogs: number;
  readonly newer: number;
}

/** A file in which entries of a ledger's log rest. */
export interface RestingEntries {
  readonly workOrder: string;
  readonly file: string;
  /** Hex. */
  readonly sha256: string;
  readonly entries: number;
  /** How many of them have no bytes in the ledger, and were not read from the file either. */
  readonly resting: number;
}

export interface PassportClaim {
  readonly what: string;
  readonly origin: string;
  readonly index: number;
  /** RFC 3339. */
  readonly at: string;
}

export type ProblemCode =
  | 'not-an-export'
  | 'malformed'
  | 'truncated'
  | 'data-after-end'
  | 'entry-changed'
  | 'entry-malformed'
  | 'entry-of-another-log'
  | 'entry-missing'
  /** Of a ledger: the bytes of an entry are gone, and no archive of the log has them. */
  | 'entry-emptied'
  /** What a ledger says of an archive is not what its log tells, or no checkpoint signs it. */
  | 'archive-differs'
  | 'entry-doubled'
  | 'entry-added'
  | 'entry-reordered'
  | 'entry-not-selected'
  | 'withheld-unexpected'
  | 'columns-changed'
  | 'signature-wrong'
  | 'key-differs'
  /** The entries do not say that the key came to sign this log. */
  | 'key-not-in-log'
  | 'checkpoint-differs'
  | 'root-differs'
  | 'seal-differs'
  /** What a passport says of its device, its certificates or what was proved is not what its entries say. */
  | 'device-differs'
  | 'certificate-differs'
  | 'claim-differs'
  /** A list of devices is not the one of the manifest beside it. */
  | 'list-differs'
  /** A checkpoint by itself, and no key was given to hold it against. */
  | 'key-missing'
  | 'witness-other-log'
  | 'witness-signature-wrong'
  | 'rolled-back'
  /** Of a ledger: its tables beside its log. */
  | 'row-without-entry'
  | 'entry-without-row'
  | 'row-differs'
  | 'state-unreachable'
  /** A stored part of the tree is not what the entries make it. */
  | 'tree-differs'
  /** A log does not go on from the one that it says it does. */
  | 'log-unconnected';

export interface Problem {
  readonly ok: false;
  readonly problem: ProblemCode;
  /** 0-based index of the first entry that is wrong, where it is about one; for `root-differs` the first that may be. */
  readonly index?: number;
  /** 1-based line of the file. */
  readonly line?: number;
  /** For a person, in a sentence. */
  readonly detail: string;
}

export type Verdict = Verified | Problem;

/** Carries a problem up to where it becomes the verdict. */
export class Found extends Error {
  readonly problem: Problem;

  constructor(
    problem: ProblemCode,
    detail: string,
    place: { readonly index?: number; readonly line?: number } = {},
  ) {
    super(detail);
    this.name = 'Found';
    this.problem = { ok: false, problem, ...place, detail };
  }
}

/** Runs a check that throws `Found` at the first problem. */
export async function verdictOf(check: () => Promise<Verified>): Promise<Verdict> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof Found) return error.problem;
    throw error;
  }
}
