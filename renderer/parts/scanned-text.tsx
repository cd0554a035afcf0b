/** What a scanner sent, to be read by a person, in the serial's face. */
import { readableScan } from './readable-scan.ts';

export function ScannedText({ text, className = '' }: { text: string; className?: string }) {
  return <span className={`mono ${className}`}>{readableScan(text)}</span>;
}
