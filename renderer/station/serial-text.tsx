/** A serial in the monospaced face. Where it is too long for its place, the end stays: that is where serials differ. */
const tail = 6;

export function SerialText({ serial, className = '' }: { serial: string; className?: string }) {
  return (
    <span className={`serial mono ${className}`} title={serial}>
      <span className="unseen">{serial}</span>
      <span className="serial-head" aria-hidden="true">
        {serial.slice(0, -tail)}
      </span>
      <span className="serial-tail" aria-hidden="true">
        {serial.slice(-tail)}
      </span>
    </span>
  );
}
