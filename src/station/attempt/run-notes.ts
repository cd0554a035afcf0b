/** The written notes of runs (rule H1), kept in the ledger so that they survive whatever ends the process. */
import type { RunNotes } from '../../harvest/run-notes.ts';
import type { StationCore } from '../open-core.ts';

export function runNotesOf(core: StationCore): RunNotes {
  const { runNotes } = core.ledger;
  return {
    read(bridge) {
      const row = runNotes.get(bridge);
      if (!row) return undefined;
      const handles: unknown = JSON.parse(row.handles_before);
      return {
        bridge,
        harvestId: row.harvest_id,
        handlesBefore: Array.isArray(handles) ? handles.filter(handle => typeof handle === 'number') : [],
      };
    },
    write: note =>
      core.ledger.transaction(() =>
        runNotes.put({
          bridge: note.bridge,
          harvest_id: note.harvestId,
          handles_before: JSON.stringify(note.handlesBefore),
          written_at: core.clock.read().at,
        }),
      ),
    clear: (bridge, harvestId) => core.ledger.transaction(() => runNotes.remove(bridge, harvestId)),
  };
}

/** Of a run that is recorded at its end: what it clears leaves the ledger with that record, and is not seen until then. */
export interface NotesOfAttempt extends RunNotes {
  /** Inside the transaction of the record. Where there is none, the next run at the bridge finds nothing left to flush. */
  readonly settle: () => void;
}

export function notesOfAttempt(core: StationCore): NotesOfAttempt {
  const notes = runNotesOf(core);
  const cleared = new Map<string, string>();
  return {
    ...notes,
    read(bridge) {
      const note = notes.read(bridge);
      return note && cleared.get(note.harvestId) === bridge ? undefined : note;
    },
    clear: (bridge, harvestId) => void cleared.set(harvestId, bridge),
    settle() {
      for (const [harvestId, bridge] of cleared) core.ledger.runNotes.remove(bridge, harvestId);
    },
  };
}
