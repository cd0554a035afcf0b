/**
 * What a search of devices needs besides the names that are unique anyway: parts of serials (trigrams) and the time of
 * recording. Both are filled in slices after the fact (`db/device-index.ts`), up to the device that `device_index` names,
 * so that recording a device costs nothing more and a ledger of before opens as fast as ever; devices after that one are
 * looked through by their key. A serial that is named later is put in by a trigger. Only helps: every row found is
 * compared with the device itself.
 */
export const deviceSearch = `
CREATE TABLE device_index (through INTEGER NOT NULL CHECK (through >= 0)) STRICT;
INSERT INTO device_index VALUES (0);

CREATE VIRTUAL TABLE device_serial_part USING fts5(serial, tokenize = 'trigram', content = '', detail = 'none', columnsize = 0);

CREATE TABLE device_time (
  created_at INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  PRIMARY KEY (created_at, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER device_index_one BEFORE INSERT ON device_index WHEN EXISTS (SELECT 1 FROM device_index)
  BEGIN SELECT RAISE(ABORT, 'device_index: one row'); END;
CREATE TRIGGER device_serial_named AFTER UPDATE OF serial ON device
  WHEN NEW.serial IS NOT OLD.serial AND NEW.number <= (SELECT through FROM device_index)
  BEGIN INSERT INTO device_serial_part (rowid, serial) VALUES (NEW.number, NEW.serial); END;
`;
