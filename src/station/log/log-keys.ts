/** The keys of a log of a ledger, first to newest (rule A2). */
import type { Ledger } from '../../../db/ledger.ts';
import { KeyChain } from '../../audit/key-chain.ts';

export function keyChainOf({ ledger }: { readonly ledger: Ledger }, logId: string): KeyChain {
  const log = ledger.logs.all().find(row => row.log_id === logId)!;
  const keys = ledger.logKeys.ofLog(logId);
  return KeyChain.of(
    log.origin,
    keys.at(-1)?.verifier_key ?? log.verifier_key,
    keys.map(({ note }) => note),
  );
}
