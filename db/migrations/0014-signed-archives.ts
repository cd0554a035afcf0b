/**
 * What an archive is of stands once a checkpoint covers the entry that tells of it: from then on no run comes to it, also
 * while that entry is the newest one of the log. And no archive takes the place of another, whatever a connection does with
 * triggers on REPLACE.
 */
export const signedArchives = `
CREATE TRIGGER archive_new BEFORE INSERT ON archive
  WHEN EXISTS (SELECT 1 FROM archive WHERE log_id = NEW.log_id AND audit_index = NEW.audit_index)
  BEGIN SELECT RAISE(ABORT, 'archive: no change'); END;
CREATE TRIGGER archive_run_signed BEFORE INSERT ON archive_run
  WHEN EXISTS (SELECT 1 FROM checkpoint WHERE log_id = NEW.log_id AND size > NEW.audit_index)
  BEGIN SELECT RAISE(ABORT, 'archive_run: no change'); END;
`;
