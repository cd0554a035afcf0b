/**
 * Archived lots (rule A1): the bytes of a closed work order's entries rest in a file outside, their leaf hashes stay in the
 * tree. `archive` says which file, `archive_run` which entries (from first to last; no two runs overlap).
 *
 * An entry is never removed and never changed, but for this: its bytes may go (`x''`) where a run names it, where it is an
 * attempt or an enrollment of the order that the archive is of, and where a signed checkpoint covers the entry in which the log
 * itself tells of the archive. Which entries an archive is of can only be said while that entry is the newest one of the log,
 * so in the transaction that writes it. An entry without bytes can never be added. `x''` and not NULL, because making a
 * column nullable would copy the largest table that a ledger has.
 */
export const archives = `
CREATE TABLE archive (
  log_id         TEXT NOT NULL,
  audit_index    INTEGER NOT NULL,
  work_order     TEXT NOT NULL REFERENCES work_order (work_order),
  file           TEXT NOT NULL CHECK (file <> ''),
  sha256         TEXT NOT NULL CHECK (length(sha256) = 64),
  bytes          INTEGER NOT NULL CHECK (bytes > 0),
  size           INTEGER NOT NULL CHECK (size <= audit_index),
  entries        INTEGER NOT NULL CHECK (entries > 0),
  first          INTEGER NOT NULL CHECK (first >= 0),
  last           INTEGER NOT NULL CHECK (last >= first AND last < size),
  outbox_through INTEGER NOT NULL,
  made_at        INTEGER NOT NULL,
  PRIMARY KEY (log_id, audit_index),
  FOREIGN KEY (log_id, audit_index) REFERENCES audit_entry (log_id, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_by_work_order ON archive (work_order);

CREATE TABLE archive_run (
  log_id      TEXT NOT NULL,
  first       INTEGER NOT NULL,
  last        INTEGER NOT NULL CHECK (last >= first),
  audit_index INTEGER NOT NULL,
  PRIMARY KEY (log_id, first),
  FOREIGN KEY (log_id, audit_index) REFERENCES archive (log_id, audit_index)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER archive_told BEFORE INSERT ON archive
  WHEN NEW.audit_index <> (SELECT max(idx) FROM audit_entry WHERE log_id = NEW.log_id)
    OR NOT EXISTS (
      SELECT 1 FROM (SELECT CAST(entry AS TEXT) AS told FROM audit_entry WHERE log_id = NEW.log_id AND idx = NEW.audit_index)
      WHERE told ->> '$.type' = 'archive' AND told ->> '$.data.workOrder' = NEW.work_order
        AND told ->> '$.data.sha256' = NEW.sha256 AND told ->> '$.data.entries' = NEW.entries)
  BEGIN SELECT RAISE(ABORT, 'archive: the newest entry of the log does not tell of it'); END;
CREATE TRIGGER archive_of_closed BEFORE INSERT ON archive
  WHEN NOT EXISTS (SELECT 1 FROM work_order WHERE work_order = NEW.work_order AND closed_at IS NOT NULL)
  BEGIN SELECT RAISE(ABORT, 'archive: its work order is not closed'); END;
CREATE TRIGGER archive_no_update BEFORE UPDATE ON archive BEGIN SELECT RAISE(ABORT, 'archive: no change'); END;
CREATE TRIGGER archive_no_delete BEFORE DELETE ON archive BEGIN SELECT RAISE(ABORT, 'archive: no removal'); END;

CREATE TRIGGER archive_run_told BEFORE INSERT ON archive_run
  WHEN NEW.audit_index <> (SELECT max(idx) FROM audit_entry WHERE log_id = NEW.log_id)
    OR NOT EXISTS (
      SELECT 1 FROM archive WHERE log_id = NEW.log_id AND audit_index = NEW.audit_index
        AND first <= NEW.first AND last >= NEW.last)
    OR coalesce((SELECT last FROM archive_run WHERE log_id = NEW.log_id AND first <= NEW.last ORDER BY first DESC LIMIT 1), -1)
      >= NEW.first
  BEGIN SELECT RAISE(ABORT, 'archive_run: not of an archive that the newest entry tells of'); END;
CREATE TRIGGER archive_run_no_update BEFORE UPDATE ON archive_run
  BEGIN SELECT RAISE(ABORT, 'archive_run: no change'); END;
CREATE TRIGGER archive_run_no_delete BEFORE DELETE ON archive_run
  BEGIN SELECT RAISE(ABORT, 'archive_run: no removal'); END;

CREATE TRIGGER audit_entry_whole BEFORE INSERT ON audit_entry WHEN length(NEW.entry) = 0
  BEGIN SELECT RAISE(ABORT, 'audit_entry: no entry is without bytes'); END;
DROP TRIGGER audit_entry_no_update;
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
  WHEN NEW.entry IS NOT x'' OR NEW.idx IS NOT OLD.idx OR NEW.log_id IS NOT OLD.log_id OR NEW.leaf_hash IS NOT OLD.leaf_hash
    OR NOT EXISTS (
      SELECT 1 FROM archive_run AS run JOIN archive USING (log_id, audit_index)
      WHERE run.log_id = OLD.log_id
        AND run.first = (SELECT max(first) FROM archive_run WHERE log_id = OLD.log_id AND first <= OLD.idx)
        AND run.last >= OLD.idx
        AND CAST(OLD.entry AS TEXT) ->> '$.data.workOrder' = archive.work_order
        AND CAST(OLD.entry AS TEXT) ->> '$.type' IN ('harvest', 'import', 'decision', 'enrollment')
        AND EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.log_id = OLD.log_id AND checkpoint.size > run.audit_index))
  BEGIN SELECT RAISE(ABORT, 'audit_entry: no change'); END;
`;
