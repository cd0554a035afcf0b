/** What was refused or found wrong: what it is, what to do, and the station's own words for whoever is called. */
import { type CardName, useCard } from '../messages/card.ts';
import { Attention } from './attention.tsx';

export function Refusal({ name, detail }: { name: CardName; detail?: string | undefined }) {
  const { title, what, do: now } = useCard()(name);
  return (
    <Attention title={title} role="alert">
      <span>
        {what} <b>{now}</b>
      </span>
      {detail && <span className="attention-detail mono">{detail}</span>}
    </Attention>
  );
}
