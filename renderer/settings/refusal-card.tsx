/** What was refused or found wrong: what it is, what to do, and the station's own words for whoever is called. */
import { type CardName, useCard } from '../messages/card.ts';
import { Attention } from '../parts/attention.tsx';

export function RefusalCard({ name, detail }: { name: CardName; detail?: string | undefined }) {
  const { title, what, do: now } = useCard()(name);
  return (
    <Attention title={title} role="alert">
      <span>
        {what} <b>{now}</b>
      </span>
      {detail && <span className="setting-detail mono">{detail}</span>}
    </Attention>
  );
}
