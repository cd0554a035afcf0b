/**
 * The first ledger: what is known of devices (`device`), what was tried (`harvest`), what must still reach DPS
 * (`outbox`) and the evidence for all of it (`audit_entry` in one `log`, `checkpoint`).
 *
 * `number` columns give the order of arrival and pages by key; they are no one's name, and nothing outside db/ sees them.
 * Evidence can only be added: UPDATE and DELETE are refused by the schema itself, so that another program's mistake
 * fails as well, REPLACE included (rule A1). The audit log has no gaps and an acknowledged enrollment stays acknowledged (rules A1, O2).
 */
export const firstLedger = `
CREATE TABLE ledger (
  ledger_id  TEXT NOT NULL PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('production', 'rehearsal')),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE log (
  number       INTEGER PRIMARY KEY,
  log_id       TEXT NOT NULL UNIQUE,
  station_id   TEXT NOT NULL,
  origin       TEXT NOT NULL UNIQUE,
  verifier_key TEXT NOT NULL,
  started_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_entry (
  idx       INTEGER NOT NULL CHECK (idx >= 0),
  log_id    TEXT NOT NULL REFERENCES log (log_id),
  entry     BLOB NOT NULL,
  leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
  PRIMARY KEY (log_id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
  log_id  TEXT NOT NULL REFERENCES log (log_id),
  size    INTEGER NOT NULL CHECK (size >= 0),
  note    TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (log_id, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
  person_id  TEXT NOT NULL PRIMARY KEY,
  account    TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE harvest (
  number          INTEGER PRIMARY KEY,
  harvest_id      TEXT NOT NULL UNIQUE,
  at              INTEGER NOT NULL,
  origin          TEXT NOT NULL CHECK (origin IN ('harvested', 'imported')),
  serial          TEXT,
  product         TEXT NOT NULL,
  work_order      TEXT,
  fixture         TEXT,
  person_id       TEXT NOT NULL REFERENCES person (person_id),
  stated_operator TEXT,
  verdict         TEXT NOT NULL CHECK (verdict IN ('passed', 'retest', 'refused', 'failed')),
  code            TEXT NOT NULL,
  ek_sha256       TEXT,
  registration_id TEXT,
  duration_ms     INTEGER NOT NULL,
  evidence        TEXT NOT NULL,
  log_id          TEXT NOT NULL,
  audit_index     INTEGER NOT NULL,
  FOREIGN KEY (log_id, audit_index) REFERENCES audit_entry (log_id, idx)
) STRICT;
CREATE INDEX harvest_by_serial ON harvest (serial) WHERE serial IS NOT NULL;
CREATE INDEX harvest_by_ek ON harvest (ek_sha256) WHERE ek_sha256 IS NOT NULL;
CREATE INDEX harvest_by_time ON harvest (origin, at, verdict, product, serial);

CREATE TABLE device (
  number             INTEGER PRIMARY KEY,
  device_id          TEXT NOT NULL UNIQUE,
  serial             TEXT,
  product            TEXT NOT NULL,
  work_order         TEXT,
  origin             TEXT NOT NULL CHECK (origin IN ('harvested', 'imported')),
  registration_id    TEXT NOT NULL UNIQUE,
  ek_sha256          TEXT NOT NULL UNIQUE,
  endorsement_key    BLOB NOT NULL,
  ek_template        TEXT NOT NULL,
  certificate_status TEXT NOT NULL,
  certificate        BLOB,
  harvest_id         TEXT NOT NULL REFERENCES harvest (harvest_id),
  created_at         INTEGER NOT NULL,
  UNIQUE (serial, product)
) STRICT;
CREATE INDEX device_by_work_order ON device (work_order) WHERE work_order IS NOT NULL;

CREATE TABLE outbox (
  number          INTEGER PRIMARY KEY,
  entry_id        TEXT NOT NULL UNIQUE,
  device_id       TEXT NOT NULL REFERENCES device (device_id),
  harvest_id      TEXT NOT NULL REFERENCES harvest (harvest_id),
  registration_id TEXT NOT NULL,
  document        TEXT NOT NULL,
  dps_host        TEXT,
  id_scope        TEXT,
  state           TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'enrolled', 'conflict', 'quarantined')),
  attempts        INTEGER NOT NULL CHECK (attempts >= 0),
  not_before      INTEGER NOT NULL,
  reason          TEXT,
  detail          TEXT,
  etag            TEXT,
  created_at      INTEGER NOT NULL,
  sent_at         INTEGER,
  settled_at      INTEGER
) STRICT;
CREATE INDEX outbox_by_device ON outbox (device_id);
CREATE INDEX outbox_by_state ON outbox (state);
CREATE INDEX outbox_due ON outbox (not_before) WHERE state = 'queued';

CREATE TABLE run_note (
  bridge         TEXT NOT NULL PRIMARY KEY,
  harvest_id     TEXT NOT NULL,
  handles_before TEXT NOT NULL,
  written_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dps_contact (
  dps_host     TEXT NOT NULL PRIMARY KEY,
  last_contact INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE count (
  name TEXT NOT NULL PRIMARY KEY,
  n    INTEGER NOT NULL CHECK (n >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO count VALUES ('harvests', 0), ('devices', 0),
  ('outbox:queued', 0), ('outbox:sending', 0), ('outbox:enrolled', 0), ('outbox:conflict', 0), ('outbox:quarantined', 0);

CREATE TRIGGER harvest_counted AFTER INSERT ON harvest
  BEGIN UPDATE count SET n = n + 1 WHERE name = 'harvests'; END;
CREATE TRIGGER device_counted AFTER INSERT ON device
  BEGIN UPDATE count SET n = n + 1 WHERE name = 'devices'; END;
CREATE TRIGGER outbox_counted AFTER INSERT ON outbox
  BEGIN UPDATE count SET n = n + 1 WHERE name = 'outbox:' || NEW.state; END;
CREATE TRIGGER outbox_recounted AFTER UPDATE OF state ON outbox WHEN NEW.state <> OLD.state
  BEGIN
    UPDATE count SET n = n - 1 WHERE name = 'outbox:' || OLD.state;
    UPDATE count SET n = n + 1 WHERE name = 'outbox:' || NEW.state;
  END;

CREATE TRIGGER ledger_one BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger)
  BEGIN SELECT RAISE(ABORT, 'a ledger has one identity'); END;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger: no change'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'ledger: no removal'); END;
CREATE TRIGGER log_new BEFORE INSERT ON log
  WHEN EXISTS (SELECT 1 FROM log WHERE number = NEW.number OR log_id = NEW.log_id OR origin = NEW.origin)
  BEGIN SELECT RAISE(ABORT, 'log: no change'); END;
CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'log: no change'); END;
CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'log: no removal'); END;
CREATE TRIGGER audit_entry_next BEFORE INSERT ON audit_entry
  WHEN NEW.idx IS NOT (SELECT coalesce(max(idx), -1) + 1 FROM audit_entry WHERE log_id = NEW.log_id)
  BEGIN SELECT RAISE(ABORT, 'audit_entry: not the next index'); END;
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
  BEGIN SELECT RAISE(ABORT, 'audit_entry: no change'); END;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
  BEGIN SELECT RAISE(ABORT, 'audit_entry: no removal'); END;
CREATE TRIGGER checkpoint_new BEFORE INSERT ON checkpoint
  WHEN EXISTS (SELECT 1 FROM checkpoint WHERE log_id = NEW.log_id AND size = NEW.size)
  BEGIN SELECT RAISE(ABORT, 'checkpoint: no change'); END;
CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'checkpoint: no change'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
  BEGIN SELECT RAISE(ABORT, 'checkpoint: no removal'); END;
CREATE TRIGGER harvest_new BEFORE INSERT ON harvest
  WHEN EXISTS (SELECT 1 FROM harvest WHERE number = NEW.number OR harvest_id = NEW.harvest_id)
  BEGIN SELECT RAISE(ABORT, 'harvest: no change'); END;
CREATE TRIGGER harvest_no_update BEFORE UPDATE ON harvest BEGIN SELECT RAISE(ABORT, 'harvest: no change'); END;
CREATE TRIGGER harvest_no_delete BEFORE DELETE ON harvest BEGIN SELECT RAISE(ABORT, 'harvest: no removal'); END;
CREATE TRIGGER device_no_delete BEFORE DELETE ON device BEGIN SELECT RAISE(ABORT, 'device: no removal'); END;
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox: no removal'); END;
CREATE TRIGGER outbox_acknowledged BEFORE UPDATE ON outbox WHEN OLD.state = 'enrolled'
  BEGIN SELECT RAISE(ABORT, 'outbox: acknowledged entries stay'); END;
`;
