/** The steps of a harvest as segments, each with what was found and how long it took. */
import { useTranslation } from 'react-i18next';
import type { StepView } from '../../src/api/contract.ts';
import { useFormat } from '../messages/format.ts';
import './steps.css';

export function Steps({ steps }: { steps: readonly StepView[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ol className="steps">
      {steps.map(({ step, state, found, ms }) => (
        <li key={step} className={`step step-${state}`}>
          <span className="step-bar" />
          <span className="step-name">{t(`step/${step}`)}</span>
          <span className="unseen">{t(`stepState/${state}`)}</span>
          <span className="step-time figures">{ms === undefined ? '' : format.duration(ms)}</span>
          <span className="step-found" title={found}>
            {found}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The same as one thin row, for small tiles. */
export function StepBar({ steps }: { steps: readonly StepView[] }) {
  return (
    <span className="steps steps-thin" aria-hidden="true">
      {steps.map(({ step, state }) => (
        <span key={step} className={`step step-${state}`}>
          <span className="step-bar" />
        </span>
      ))}
    </span>
  );
}
