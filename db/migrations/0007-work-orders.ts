/**
 * Work orders: a lot of one product with a quantity, opened and closed by people. `passed` counts the order's devices in
 * force and is kept by triggers, so that no screen counts rows: a retest makes no device, a device that takes
 * another's place counts once, and one that leaves service no more. The station has one current order at most.
 */
export const workOrders = `
CREATE TABLE work_order (
  number          INTEGER PRIMARY KEY,
  work_order      TEXT NOT NULL UNIQUE,
  product         TEXT NOT NULL,
  quantity        INTEGER CHECK (quantity > 0),
  target_per_hour REAL CHECK (target_per_hour > 0),
  passed          INTEGER NOT NULL CHECK (passed >= 0),
  opened_at       INTEGER NOT NULL,
  opened_by       TEXT NOT NULL REFERENCES person (person_id),
  closed_at       INTEGER,
  closed_by       TEXT REFERENCES person (person_id),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL))
) STRICT;
CREATE INDEX work_order_open ON work_order (number) WHERE closed_at IS NULL;

CREATE TABLE current_work_order (
  only_row   INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  work_order TEXT NOT NULL REFERENCES work_order (work_order)
) STRICT;

CREATE TRIGGER work_order_counted AFTER INSERT ON device WHEN NEW.work_order IS NOT NULL AND NEW.retired_at IS NULL
  BEGIN UPDATE work_order SET passed = passed + 1 WHERE work_order = NEW.work_order; END;
CREATE TRIGGER work_order_recounted AFTER UPDATE OF retired_at ON device
  WHEN NEW.retired_at IS NOT NULL AND OLD.retired_at IS NULL AND NEW.work_order IS NOT NULL
  BEGIN UPDATE work_order SET passed = passed - 1 WHERE work_order = NEW.work_order; END;

CREATE TRIGGER work_order_stays BEFORE UPDATE OF work_order, product, opened_at, opened_by ON work_order
  BEGIN SELECT RAISE(ABORT, 'work_order: what it is about stays'); END;
CREATE TRIGGER work_order_no_delete BEFORE DELETE ON work_order
  BEGIN SELECT RAISE(ABORT, 'work_order: no removal'); END;
CREATE TRIGGER current_work_order_open BEFORE INSERT ON current_work_order
  WHEN NOT EXISTS (SELECT 1 FROM work_order WHERE work_order = NEW.work_order AND closed_at IS NULL)
  BEGIN SELECT RAISE(ABORT, 'current_work_order: not an open order'); END;
CREATE TRIGGER work_order_closed AFTER UPDATE OF closed_at ON work_order WHEN NEW.closed_at IS NOT NULL
  BEGIN DELETE FROM current_work_order WHERE work_order = NEW.work_order; END;
`;
