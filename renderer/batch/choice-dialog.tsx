/** One of several names, or none of them. */
import { Dialog } from '../parts/dialog.tsx';

interface ChoiceDialogProps {
  readonly title: string;
  readonly choices: readonly string[];
  readonly chosen: string | undefined;
  /** What it is called to choose none. */
  readonly none: string;
  readonly onChoose: (choice: string | undefined) => void;
  readonly onClose: () => void;
}

export function ChoiceDialog({ title, choices, chosen, none, onChoose, onClose }: ChoiceDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="batch-choices">
        {choices.map((choice, at) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: columns stand where they stand, and may have no name
            key={at}
            type="button"
            className="button"
            aria-pressed={choice === chosen}
            disabled={choice === ''}
            onClick={() => onChoose(choice)}
          >
            <span>{choice || '—'}</span>
          </button>
        ))}
        <button
          type="button"
          className="button"
          aria-pressed={chosen === undefined}
          onClick={() => onChoose(undefined)}
        >
          {none}
        </button>
      </div>
    </Dialog>
  );
}
