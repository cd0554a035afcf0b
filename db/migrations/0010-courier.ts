/**
 * Hand-over by courier: whose bundles and whose receipts are taken (`courier_peer`); what was packed here (`courier_packed`,
 * `courier_packed_entry`) and which receipts came back; what was taken from other stations (`courier_taken`, its entries, and
 * what each foreign entry became here). What was packed and taken is evidence of what may be underway: only added.
 */
export const courier = `
CREATE TABLE courier_peer (
  origin       TEXT NOT NULL PRIMARY KEY,
  station_id   TEXT NOT NULL UNIQUE,
  verifier_key TEXT NOT NULL,
  takes        TEXT NOT NULL CHECK (takes IN ('bundles', 'receipts')),
  added_at     INTEGER NOT NULL,
  person_id    TEXT NOT NULL REFERENCES person (person_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX courier_one_receiver ON courier_peer (takes) WHERE takes = 'receipts';

CREATE TABLE courier_packed (
  number      INTEGER PRIMARY KEY,
  bundle_id   TEXT NOT NULL UNIQUE,
  origin      TEXT NOT NULL,
  sequence    INTEGER NOT NULL CHECK (sequence > 0),
  sha256      TEXT NOT NULL,
  made_at     INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  entries     INTEGER NOT NULL,
  receipt     INTEGER NOT NULL,
  UNIQUE (origin, sequence)
) STRICT;
CREATE TABLE courier_packed_entry (
  bundle_id TEXT NOT NULL REFERENCES courier_packed (bundle_id),
  entry_id  TEXT NOT NULL REFERENCES outbox (entry_id),
  PRIMARY KEY (bundle_id, entry_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE courier_taken (
  number    INTEGER PRIMARY KEY,
  bundle_id TEXT NOT NULL UNIQUE,
  origin    TEXT NOT NULL,
  sequence  INTEGER NOT NULL CHECK (sequence > 0),
  sha256    TEXT NOT NULL,
  made_at   INTEGER NOT NULL,
  taken_at  INTEGER NOT NULL,
  entries   INTEGER NOT NULL,
  receipts  INTEGER NOT NULL
) STRICT;
CREATE INDEX courier_taken_by_sequence ON courier_taken (origin, sequence);
CREATE TABLE courier_taken_entry (
  bundle_id  TEXT NOT NULL,
  place      INTEGER NOT NULL,
  station_id TEXT NOT NULL,
  entry_id   TEXT NOT NULL,
  PRIMARY KEY (bundle_id, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE courier_foreign_entry (
  station_id     TEXT NOT NULL,
  entry_id       TEXT NOT NULL,
  harvest_id     TEXT NOT NULL,
  local_entry_id TEXT REFERENCES outbox (entry_id),
  code           TEXT NOT NULL,
  detail         TEXT NOT NULL,
  PRIMARY KEY (station_id, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX courier_foreign_by_local ON courier_foreign_entry (local_entry_id) WHERE local_entry_id IS NOT NULL;
CREATE INDEX courier_foreign_by_harvest ON courier_foreign_entry (harvest_id);

CREATE TRIGGER courier_packed_no_delete BEFORE DELETE ON courier_packed
  BEGIN SELECT RAISE(ABORT, 'courier_packed: no removal'); END;
CREATE TRIGGER courier_taken_no_delete BEFORE DELETE ON courier_taken
  BEGIN SELECT RAISE(ABORT, 'courier_taken: no removal'); END;
CREATE TRIGGER courier_foreign_entry_no_delete BEFORE DELETE ON courier_foreign_entry
  BEGIN SELECT RAISE(ABORT, 'courier_foreign_entry: no removal'); END;
CREATE TRIGGER courier_foreign_entry_no_update BEFORE UPDATE ON courier_foreign_entry
  BEGIN SELECT RAISE(ABORT, 'courier_foreign_entry: no change'); END;
`;
