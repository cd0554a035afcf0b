/**
 * What the audit log's tree and its keys need besides the entries (rules A1, A2).
 *
 * `subtree`: roots of perfect subtrees of 2^8, 2^16, 2^24 … leaves (RFC 6962), so that a root or a proof reads some hundred
 * hashes instead of all. Filled behind the entries, in slices (`db/subtree.ts`). Only helps: it can be made again from the
 * leaves at any time, and whoever verifies does not ask it.
 *
 * `log_key`: the keys that took the place of a log's first one, each with the note in which the old and the new key sign
 * the exchange, and the entry that says so. `log_machine`: the machine that a log was begun on, as a digest; a ledger that
 * wakes up on another one starts another log. Evidence both: only added.
 */
export const auditTree = `
CREATE TABLE subtree (
  log_id TEXT NOT NULL REFERENCES log (log_id),
  level  INTEGER NOT NULL CHECK (level > 0 AND level % 8 = 0),
  number INTEGER NOT NULL CHECK (number >= 0),
  hash   BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (log_id, level, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_key (
  log_id       TEXT NOT NULL REFERENCES log (log_id),
  idx          INTEGER NOT NULL,
  verifier_key TEXT NOT NULL,
  note         TEXT NOT NULL,
  PRIMARY KEY (log_id, idx),
  FOREIGN KEY (log_id, idx) REFERENCES audit_entry (log_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_machine (
  log_id  TEXT NOT NULL PRIMARY KEY REFERENCES log (log_id),
  machine TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER subtree_no_update BEFORE UPDATE ON subtree BEGIN SELECT RAISE(ABORT, 'subtree: no change'); END;
CREATE TRIGGER log_key_new BEFORE INSERT ON log_key
  WHEN EXISTS (SELECT 1 FROM log_key WHERE log_id = NEW.log_id AND idx >= NEW.idx)
  BEGIN SELECT RAISE(ABORT, 'log_key: no change'); END;
CREATE TRIGGER log_key_no_update BEFORE UPDATE ON log_key BEGIN SELECT RAISE(ABORT, 'log_key: no change'); END;
CREATE TRIGGER log_key_no_delete BEFORE DELETE ON log_key BEGIN SELECT RAISE(ABORT, 'log_key: no removal'); END;
CREATE TRIGGER log_machine_new BEFORE INSERT ON log_machine
  WHEN EXISTS (SELECT 1 FROM log_machine WHERE log_id = NEW.log_id)
  BEGIN SELECT RAISE(ABORT, 'log_machine: no change'); END;
CREATE TRIGGER log_machine_no_update BEFORE UPDATE ON log_machine
  BEGIN SELECT RAISE(ABORT, 'log_machine: no change'); END;
CREATE TRIGGER log_machine_no_delete BEFORE DELETE ON log_machine
  BEGIN SELECT RAISE(ABORT, 'log_machine: no removal'); END;
`;
