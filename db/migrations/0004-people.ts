/**
 * People who sign in (rule S1): a name, a role, a badge's digest and a PIN's hash beside the random id that the audit
 * knows them by, and how often their PIN was wrong of late, so that a restart forgives no guess. A person who leaves
 * loses all of this and keeps the id alone (rule A1).
 */
export const people = `
ALTER TABLE person ADD COLUMN name TEXT;
ALTER TABLE person ADD COLUMN role TEXT CHECK (role IN ('operator', 'supervisor', 'engineer', 'auditor'));
ALTER TABLE person ADD COLUMN badge_digest TEXT;
ALTER TABLE person ADD COLUMN pin_hash TEXT;
ALTER TABLE person ADD COLUMN wrong_pins INTEGER NOT NULL DEFAULT 0 CHECK (wrong_pins >= 0);
ALTER TABLE person ADD COLUMN pin_not_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN removed_at INTEGER;
CREATE INDEX person_signing_in ON person (account) WHERE role IS NOT NULL;
CREATE UNIQUE INDEX person_by_badge ON person (badge_digest) WHERE badge_digest IS NOT NULL;

CREATE TRIGGER person_no_delete BEFORE DELETE ON person BEGIN SELECT RAISE(ABORT, 'person: no removal'); END;
`;
