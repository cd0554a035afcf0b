/**
 * Certificate debt (rule H8): devices that passed while their EK certificate was not verified stay visible, as a number
 * and a list. Ledgers of before never judged a chain, so all their devices are in debt; the column's default says so
 * without a rewrite of the table, and every new row names its own value.
 */
export const certificateDebt = `
ALTER TABLE device ADD COLUMN certificate_debt INTEGER NOT NULL DEFAULT 1 CHECK (certificate_debt IN (0, 1));
CREATE INDEX device_in_debt ON device (number) WHERE certificate_debt = 1;
INSERT INTO count SELECT 'certificate-debt', n FROM count WHERE name = 'devices';

CREATE TRIGGER device_debt_counted AFTER INSERT ON device WHEN NEW.certificate_debt = 1
  BEGIN UPDATE count SET n = n + 1 WHERE name = 'certificate-debt'; END;
CREATE TRIGGER device_debt_recounted AFTER UPDATE OF certificate_debt ON device
  WHEN NEW.certificate_debt <> OLD.certificate_debt
  BEGIN UPDATE count SET n = n + NEW.certificate_debt - OLD.certificate_debt WHERE name = 'certificate-debt'; END;
`;
