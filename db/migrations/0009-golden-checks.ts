/**
 * Golden checks: a reference unit, whose key is known, goes through the whole chain at a fixture. Attempts of a kind of their own
 * (rule H4): no device, no enrollment, no part of what is counted. Evidence, so only ever added.
 */
export const goldenChecks = `
CREATE TABLE golden_check (
  number             INTEGER PRIMARY KEY,
  check_id           TEXT NOT NULL UNIQUE,
  at                 INTEGER NOT NULL,
  fixture            TEXT,
  serial             TEXT NOT NULL,
  product            TEXT NOT NULL,
  person_id          TEXT NOT NULL REFERENCES person (person_id),
  verdict            TEXT NOT NULL CHECK (verdict IN ('passed', 'failed')),
  code               TEXT NOT NULL,
  ek_sha256          TEXT,
  certificate_status TEXT,
  duration_ms        INTEGER NOT NULL CHECK (duration_ms >= 0),
  evidence           TEXT NOT NULL,
  log_id             TEXT NOT NULL,
  audit_index        INTEGER NOT NULL,
  FOREIGN KEY (log_id, audit_index) REFERENCES audit_entry (log_id, idx),
  CHECK (verdict = 'failed' OR ek_sha256 IS NOT NULL)
) STRICT;
CREATE INDEX golden_check_of_fixture ON golden_check (fixture, number) WHERE code <> 'cancelled';
CREATE INDEX golden_check_passed ON golden_check (serial, number) WHERE verdict = 'passed';

CREATE TRIGGER golden_check_new BEFORE INSERT ON golden_check
  WHEN EXISTS (SELECT 1 FROM golden_check WHERE number = NEW.number OR check_id = NEW.check_id)
  BEGIN SELECT RAISE(ABORT, 'golden_check: no change'); END;
CREATE TRIGGER golden_check_no_update BEFORE UPDATE ON golden_check
  BEGIN SELECT RAISE(ABORT, 'golden_check: no change'); END;
CREATE TRIGGER golden_check_no_delete BEFORE DELETE ON golden_check
  BEGIN SELECT RAISE(ABORT, 'golden_check: no removal'); END;
`;
