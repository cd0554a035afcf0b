/** Why the station did not do what was asked, and what to do now. */
import { useTranslation } from 'react-i18next';
import { callCard, refusalCard, useCard } from '../messages/card.ts';
import { Attention } from '../parts/attention.tsx';
import type { BatchFailure } from './use-batch.ts';

interface BatchFailureNoteProps {
  readonly failure: BatchFailure | undefined;
  readonly onClose: () => void;
}

export function BatchFailureNote({ failure, onClose }: BatchFailureNoteProps) {
  const { t } = useTranslation();
  const words = useFailureWords();
  if (!failure) return null;
  const { title, what, do: now } = words(failure);
  return (
    <div className="batch-failure">
      <Attention title={title} role="alert">
        <span>
          {what} <b>{now}</b>
        </span>
      </Attention>
      <button type="button" className="button" onClick={onClose}>
        {t('close')}
      </button>
    </div>
  );
}

function useFailureWords() {
  const { t } = useTranslation();
  const card = useCard();
  return (failure: BatchFailure) => {
    if (!('code' in failure)) return card(callCard(failure.error));
    const { code } = failure;
    switch (code) {
      case 'batch-busy':
      case 'batch-empty':
      case 'batch-too-large': {
        const text = (part: 'title' | 'what' | 'do') => t(`batch/refusal/${code}/${part}`);
        return { title: text('title'), what: text('what'), do: text('do') };
      }
      default:
        return card(refusalCard(code));
    }
  };
}
