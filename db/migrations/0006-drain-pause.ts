/** A person holds back what goes to DPS: at most one row, there as long as they do. */
export const drainPause = `
CREATE TABLE drain_pause (
  only_row  INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  since     INTEGER NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (person_id),
  reason    TEXT NOT NULL CHECK (reason <> '')
) STRICT;
`;
