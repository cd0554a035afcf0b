/**
 * Every operation on an enrollment goes through the outbox, and devices can leave service (rules H6, O2, O4).
 *
 * `outbox` gets the operation, the state `cancelled`, and an order: `waits_for` names the entry that must be settled before
 * this one is due; it is handed on by a trigger, so that no entry can be forgotten behind another. Which moves between
 * states there are is written here a second time, so that another program's mistake fails as well
 * (`src/outbox/states.ts` is the first; a test compares them).
 *
 * `device` keeps its rows for ever, and what was unique among all devices is unique among those in force. CHECK and
 * UNIQUE cannot be changed in place, so both tables are copied, with their row numbers.
 */
export const enrollmentOperations = `
CREATE TABLE device_3 (
  number             INTEGER PRIMARY KEY,
  device_id          TEXT NOT NULL UNIQUE,
  serial             TEXT,
  product            TEXT NOT NULL,
  work_order         TEXT,
  origin             TEXT NOT NULL CHECK (origin IN ('harvested', 'imported')),
  registration_id    TEXT NOT NULL,
  ek_sha256          TEXT NOT NULL,
  endorsement_key    BLOB NOT NULL,
  ek_template        TEXT NOT NULL,
  certificate_status TEXT NOT NULL,
  certificate        BLOB,
  certificate_debt   INTEGER NOT NULL CHECK (certificate_debt IN (0, 1)),
  harvest_id         TEXT NOT NULL REFERENCES harvest (harvest_id),
  created_at         INTEGER NOT NULL,
  predecessor_id     TEXT REFERENCES device_3 (device_id),
  retired_at         INTEGER,
  retired_reason     TEXT,
  CHECK ((retired_at IS NULL) = (retired_reason IS NULL))
) STRICT;
INSERT INTO device_3
  SELECT number, device_id, serial, product, work_order, origin, registration_id, ek_sha256, endorsement_key, ek_template,
    certificate_status, certificate, certificate_debt, harvest_id, created_at, NULL, NULL, NULL
  FROM device ORDER BY number;

CREATE TABLE outbox_3 (
  number          INTEGER PRIMARY KEY,
  entry_id        TEXT NOT NULL UNIQUE,
  device_id       TEXT NOT NULL REFERENCES device_3 (device_id),
  harvest_id      TEXT NOT NULL REFERENCES harvest (harvest_id),
  registration_id TEXT NOT NULL,
  operation       TEXT NOT NULL CHECK (operation IN ('create', 'update', 'disable', 'enable', 'delete')),
  document        TEXT NOT NULL,
  dps_host        TEXT,
  id_scope        TEXT,
  state           TEXT NOT NULL
    CHECK (state IN ('queued', 'sending', 'enrolled', 'conflict', 'quarantined', 'cancelled')),
  waits_for       TEXT REFERENCES outbox_3 (entry_id),
  over_etag       TEXT,
  because         TEXT,
  attempts        INTEGER NOT NULL CHECK (attempts >= 0),
  not_before      INTEGER NOT NULL,
  reason          TEXT,
  detail          TEXT,
  etag            TEXT,
  created_at      INTEGER NOT NULL,
  sent_at         INTEGER,
  settled_at      INTEGER
) STRICT;
INSERT INTO outbox_3
  SELECT number, entry_id, device_id, harvest_id, registration_id, 'create', document, dps_host, id_scope, state, NULL, NULL,
    NULL, attempts, not_before, reason, detail, etag, created_at, sent_at, settled_at
  FROM outbox ORDER BY number;

DROP TABLE outbox;
DROP TABLE device;
ALTER TABLE device_3 RENAME TO device;
ALTER TABLE outbox_3 RENAME TO outbox;

CREATE UNIQUE INDEX device_registration ON device (registration_id) WHERE retired_at IS NULL;
CREATE UNIQUE INDEX device_key ON device (ek_sha256) WHERE retired_at IS NULL;
CREATE UNIQUE INDEX device_serial ON device (serial, product) WHERE retired_at IS NULL;
CREATE INDEX device_retired_registration ON device (registration_id) WHERE retired_at IS NOT NULL;
CREATE INDEX device_retired_key ON device (ek_sha256) WHERE retired_at IS NOT NULL;
CREATE INDEX device_retired_serial ON device (serial, product) WHERE retired_at IS NOT NULL;
CREATE INDEX device_by_predecessor ON device (predecessor_id) WHERE predecessor_id IS NOT NULL;
CREATE INDEX device_by_work_order ON device (work_order) WHERE work_order IS NOT NULL;
CREATE INDEX device_in_debt ON device (number) WHERE certificate_debt = 1 AND retired_at IS NULL;
CREATE INDEX outbox_by_device ON outbox (device_id);
CREATE INDEX outbox_by_state ON outbox (state);
CREATE INDEX outbox_due ON outbox (not_before) WHERE state = 'queued' AND waits_for IS NULL;
CREATE INDEX outbox_held ON outbox (waits_for) WHERE waits_for IS NOT NULL;

INSERT INTO count VALUES ('devices-retired', 0), ('outbox:cancelled', 0), ('outbox:changed', 0), ('outbox:held', 0);

CREATE TRIGGER device_counted AFTER INSERT ON device
  BEGIN UPDATE count SET n = n + 1 WHERE name = 'devices'; END;
CREATE TRIGGER device_debt_counted AFTER INSERT ON device WHEN NEW.certificate_debt = 1
  BEGIN UPDATE count SET n = n + 1 WHERE name = 'certificate-debt'; END;
CREATE TRIGGER device_debt_recounted AFTER UPDATE OF certificate_debt ON device
  WHEN NEW.certificate_debt <> OLD.certificate_debt AND NEW.retired_at IS NULL
  BEGIN UPDATE count SET n = n + NEW.certificate_debt - OLD.certificate_debt WHERE name = 'certificate-debt'; END;
CREATE TRIGGER device_no_delete BEFORE DELETE ON device BEGIN SELECT RAISE(ABORT, 'device: no removal'); END;
CREATE TRIGGER device_retired_stays BEFORE UPDATE ON device WHEN OLD.retired_at IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'device: what was retired stays as it was'); END;
CREATE TRIGGER device_retired_counted AFTER UPDATE OF retired_at ON device WHEN NEW.retired_at IS NOT NULL
  BEGIN
    UPDATE count SET n = n + 1 WHERE name = 'devices-retired';
    UPDATE count SET n = n - NEW.certificate_debt WHERE name = 'certificate-debt';
  END;

CREATE TRIGGER outbox_counted AFTER INSERT ON outbox
  BEGIN
    UPDATE count SET n = n + 1 WHERE name =
      CASE WHEN NEW.state = 'enrolled' AND NEW.operation <> 'create' THEN 'outbox:changed' ELSE 'outbox:' || NEW.state END;
  END;
CREATE TRIGGER outbox_recounted AFTER UPDATE OF state ON outbox WHEN NEW.state <> OLD.state
  BEGIN
    UPDATE count SET n = n - 1 WHERE name = 'outbox:' || OLD.state;
    UPDATE count SET n = n + 1 WHERE name =
      CASE WHEN NEW.state = 'enrolled' AND NEW.operation <> 'create' THEN 'outbox:changed' ELSE 'outbox:' || NEW.state END;
  END;
CREATE TRIGGER outbox_held_counted AFTER INSERT ON outbox WHEN NEW.state = 'queued' AND NEW.waits_for IS NOT NULL
  BEGIN UPDATE count SET n = n + 1 WHERE name = 'outbox:held'; END;
CREATE TRIGGER outbox_held_recounted AFTER UPDATE OF state, waits_for ON outbox
  WHEN (NEW.state = 'queued' AND NEW.waits_for IS NOT NULL) <> (OLD.state = 'queued' AND OLD.waits_for IS NOT NULL)
  BEGIN
    UPDATE count SET n = n + (NEW.state = 'queued' AND NEW.waits_for IS NOT NULL)
      - (OLD.state = 'queued' AND OLD.waits_for IS NOT NULL) WHERE name = 'outbox:held';
  END;
CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox: no removal'); END;
CREATE TRIGGER outbox_begins BEFORE INSERT ON outbox WHEN NEW.state <> 'queued'
  BEGIN SELECT RAISE(ABORT, 'outbox: an entry begins in queued'); END;
CREATE TRIGGER outbox_final BEFORE UPDATE ON outbox WHEN OLD.state IN ('enrolled', 'cancelled')
  BEGIN SELECT RAISE(ABORT, 'outbox: settled entries stay'); END;
CREATE TRIGGER outbox_transition BEFORE UPDATE OF state ON outbox
  WHEN NEW.state <> OLD.state AND OLD.state || ' ' || NEW.state NOT IN (
    'queued sending', 'queued quarantined', 'queued cancelled',
    'sending queued', 'sending enrolled', 'sending conflict', 'sending quarantined',
    'conflict queued', 'conflict cancelled', 'quarantined queued', 'quarantined cancelled')
  BEGIN SELECT RAISE(ABORT, 'outbox: no such transition'); END;
CREATE TRIGGER outbox_waits BEFORE UPDATE OF state ON outbox WHEN NEW.state = 'sending' AND NEW.waits_for IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'outbox: an earlier entry is not settled'); END;
CREATE TRIGGER outbox_order AFTER UPDATE OF state ON outbox WHEN NEW.state IN ('enrolled', 'cancelled')
  BEGIN
    UPDATE outbox SET waits_for = NEW.waits_for
      WHERE waits_for = NEW.entry_id AND state NOT IN ('enrolled', 'cancelled');
  END;
`;
