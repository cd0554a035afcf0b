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
