/**
 * What a courier carried cannot be changed afterwards: which entry was in which bundle, here and there, and all of a bundle
 * but how far its receipts came. A receipt's number counts within the log of the receiver that signed it (`receipt_origin`):
 * where another one takes its place, or it goes on from a backup, it begins again.
 */
export const courierEvidence = `
ALTER TABLE courier_packed ADD COLUMN receipt_origin TEXT;

CREATE TRIGGER courier_packed_new BEFORE INSERT ON courier_packed
  WHEN EXISTS (SELECT 1 FROM courier_packed WHERE number = NEW.number OR bundle_id = NEW.bundle_id
    OR (origin = NEW.origin AND sequence = NEW.sequence))
  BEGIN SELECT RAISE(ABORT, 'courier_packed: no change'); END;
CREATE TRIGGER courier_packed_no_update
  BEFORE UPDATE OF number, bundle_id, origin, sequence, sha256, made_at, valid_until, entries ON courier_packed
  BEGIN SELECT RAISE(ABORT, 'courier_packed: no change'); END;
CREATE TRIGGER courier_packed_entry_new BEFORE INSERT ON courier_packed_entry
  WHEN EXISTS (SELECT 1 FROM courier_packed_entry WHERE bundle_id = NEW.bundle_id AND entry_id = NEW.entry_id)
  BEGIN SELECT RAISE(ABORT, 'courier_packed_entry: no change'); END;
CREATE TRIGGER courier_packed_entry_no_update BEFORE UPDATE ON courier_packed_entry
  BEGIN SELECT RAISE(ABORT, 'courier_packed_entry: no change'); END;
CREATE TRIGGER courier_packed_entry_no_delete BEFORE DELETE ON courier_packed_entry
  BEGIN SELECT RAISE(ABORT, 'courier_packed_entry: no removal'); END;

CREATE TRIGGER courier_taken_new BEFORE INSERT ON courier_taken
  WHEN EXISTS (SELECT 1 FROM courier_taken WHERE number = NEW.number OR bundle_id = NEW.bundle_id)
  BEGIN SELECT RAISE(ABORT, 'courier_taken: no change'); END;
CREATE TRIGGER courier_taken_no_update
  BEFORE UPDATE OF number, bundle_id, origin, sequence, sha256, made_at, taken_at, entries ON courier_taken
  BEGIN SELECT RAISE(ABORT, 'courier_taken: no change'); END;
-- The same again is what a bundle does that is unpacked twice.
CREATE TRIGGER courier_taken_entry_new BEFORE INSERT ON courier_taken_entry
  WHEN EXISTS (SELECT 1 FROM courier_taken_entry WHERE bundle_id = NEW.bundle_id AND place = NEW.place
    AND (station_id <> NEW.station_id OR entry_id <> NEW.entry_id))
  BEGIN SELECT RAISE(ABORT, 'courier_taken_entry: no change'); END;
CREATE TRIGGER courier_taken_entry_no_update BEFORE UPDATE ON courier_taken_entry
  BEGIN SELECT RAISE(ABORT, 'courier_taken_entry: no change'); END;
CREATE TRIGGER courier_taken_entry_no_delete BEFORE DELETE ON courier_taken_entry
  BEGIN SELECT RAISE(ABORT, 'courier_taken_entry: no removal'); END;
CREATE TRIGGER courier_foreign_entry_new BEFORE INSERT ON courier_foreign_entry
  WHEN EXISTS (SELECT 1 FROM courier_foreign_entry WHERE station_id = NEW.station_id AND entry_id = NEW.entry_id)
  BEGIN SELECT RAISE(ABORT, 'courier_foreign_entry: no change'); END;
`;
