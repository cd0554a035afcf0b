/** One of several names, or none of them. */
import { Dialog } from './dialog.tsx';
import './choice-dialog.css';

interface ChoiceDialogProps<Choice extends string> {
  readonly title: string;
  readonly choices: readonly Choice[];
  readonly chosen: Choice | undefined;
  /** How one is called; without it, by itself. */
  readonly word?: (choice: Choice) => string;
  /** What it is called to choose none, where that can be. */
  readonly none?: string;
  readonly onChoose: (choice: Choice | undefined) => void;
  readonly onClose: () => void;
}

export function ChoiceDialog<Choice extends string>({
  title,
  choices,
  chosen,
  word = choice => choice,
  none,
  onChoose,
  onClose,
}: ChoiceDialogProps<Choice>) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="choices">
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
            <span>{word(choice) || '—'}</span>
          </button>
        ))}
        {none !== undefined && (
          <button
            type="button"
            className="button"
            aria-pressed={chosen === undefined}
            onClick={() => onChoose(undefined)}
          >
            <span>{none}</span>
          </button>
        )}
      </div>
    </Dialog>
  );
}
