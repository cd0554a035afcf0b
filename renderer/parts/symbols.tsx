/** The shapes that stand beside every colour: circle, octagon, triangle for verdicts; small signs for the edge. */
import type { ReactNode } from 'react';
import type { VerdictView } from '../../src/api/contract.ts';

function Drawing({ className, children }: { className?: string | undefined; children: ReactNode }) {
  return (
    <svg
      className={className}
      viewBox="0 0 48 48"
      fill="none"
      stroke="currentColor"
      strokeWidth={4.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

interface SymbolProps {
  readonly className?: string;
}

export const TickInCircle = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <circle cx={24} cy={24} r={20.5} />
    <path d="m14 25 7 7 13.5-14.5" />
  </Drawing>
);

export const CrossInOctagon = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="M15.5 3.500h17l12 12v17l-12 12h-17l-12-12v-17z" />
    <path d="m17 17 14 14m0-14L17 31" />
  </Drawing>
);

export const Triangle = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="M24 4.5 45 42.500H3z" />
    <path d="M24 18v11m0 6.700v.1" />
  </Drawing>
);

export function VerdictSymbol({ verdict, className }: SymbolProps & { verdict: VerdictView['verdict'] }) {
  const props = className === undefined ? {} : { className };
  if (verdict === 'failed') return <CrossInOctagon {...props} />;
  if (verdict === 'refused') return <Triangle {...props} />;
  return <TickInCircle {...props} />;
}

export const Online = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="M6 19a26 26 0 0 1 36 0M13 27.500a16 16 0 0 1 22 0M20 35.500a6 6 0 0 1 8 0" />
  </Drawing>
);

export const Offline = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="M6 19a26 26 0 0 1 9-5.600M24 12a26 26 0 0 1 18 7M13 27.500a16 16 0 0 1 6-3.700M20 35.500a6 6 0 0 1 8 0" />
    <path d="m7 6 34 36" />
  </Drawing>
);

export const NotSet = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <circle cx={24} cy={24} r={20.5} strokeDasharray="7.2 5.680" />
    <path d="M16 24h16" />
  </Drawing>
);

export const Sun = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <circle cx={24} cy={24} r={8} />
    <path d="M24 4v5m0 30v5M4 24h5m30 0h5M9.9 9.900l3.5 3.500m21.2 21.2 3.5 3.500m0-28.2-3.5 3.500M13.4 34.600l-3.5 3.5" />
  </Drawing>
);

export const Moon = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="M41 28.500A18 18 0 1 1 19.5 7 14.5 14.5 0 0 0 41 28.500z" />
  </Drawing>
);

export const SoundOn = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="M5 18.500v11h7.500L23 38.500v-29L12.5 18.500zM30.5 17a10 10 0 0 1 0 14M36.5 10.500a19 19 0 0 1 0 27" />
  </Drawing>
);

export const SoundOff = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="M5 18.500v11h7.500L23 38.500v-29L12.5 18.500zM31 18.500l11 11m0-11-11 11" />
  </Drawing>
);

export const Lock = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="M10 22h28v20H10zM16 22v-6a8 8 0 0 1 16 0v6M24 30v5" />
  </Drawing>
);

export const Places = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="m10 18 14 14 14-14" />
  </Drawing>
);

export const Listed = ({ className }: SymbolProps) => (
  <Drawing className={className}>
    <path d="M19 12h22M19 24h22M19 36h22M7 12h2M7 24h2M7 36h2" />
  </Drawing>
);
