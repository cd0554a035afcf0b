/** Long work at the station: what it is, how far it is where that is known, and on the way. */
import { useFormat } from '../messages/format.ts';
import './running.css';

export function Running({ label, share }: { label: string; share: number | undefined }) {
  const format = useFormat();
  return (
    <div className="running">
      <p>
        {label} {share !== undefined && <b>{format.share(share)}</b>}
      </p>
      <progress max={1} {...(share !== undefined && { value: share })} aria-label={label} />
    </div>
  );
}
