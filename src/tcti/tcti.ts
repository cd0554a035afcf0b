/**
 * The TPM bridge as Keyline sees it: whole TPM 2.0 commands in, whole responses out (TCG TSS 2.0 TCTI specification,
 * reduced to what a station needs). A carrier checks frames (header, size, 10..4096 bytes), keeps one command in
 * flight, and ends every wait by its deadline or the caller's signal. What comes out of `transmit` is framed
 * correctly and nothing more: its content is the DUT's and untrusted.
 */
import type { SshAccess } from './ssh-access.ts';

export type TctiName = 'device' | 'swtpm' | 'mssim' | 'cmd' | 'ssh' | 'replay';

/** Largest command or response on any bridge, in bytes (TPM_PT_MAX_COMMAND_SIZE of the reference TPM). */
export const MAX_FRAME_BYTES = 4096;
/** Tag (2) + size (4) + command or response code (4), big-endian (TPM 2.0 Part 1, §18). */
export const FRAME_HEADER_BYTES = 10;

export interface TransmitOptions {
  /** Milliseconds from the call until it rejects with `timeout`. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a DUT is asked before its TPM is opened, where the carrier can: `ssh`. */
export interface RemoteQuestion {
  /** For the DUT's /bin/sh. */
  readonly command: string;
  readonly deadlineMs: number;
}

/** `unread` = why there is no answer, in words that may hold the DUT's. */
export type RemoteAnswer = { readonly text: string } | { readonly unread: string };

export interface Tcti {
  readonly name: TctiName;
  /** True where something behind the bridge flushes our objects when we close it (the kernel's /dev/tpmrm*). */
  readonly resourceManaged: boolean;
  /** What the DUT said to the question of the opening; absent where none was put, or the carrier cannot put one. */
  readonly answer?: RemoteAnswer | undefined;
  /** Of a replay: the recorded run had the password of a hierarchy, of which the transcript holds nothing. */
  readonly withPassword?: boolean | undefined;
  /**
   * Sends one command and resolves with its response (header included; the response code may be any).
   * Rejects with TctiError; after `timeout`, `closed`, `frame-invalid` or `cancelled` the carrier is unusable
   * (a late answer would be taken for the next one) and only `close` may follow. Two rejections come before anything
   * is sent and leave it usable: `busy` while another command is in flight, `cancelled` by a signal that was aborted
   * before the call. A command that is not one whole frame is the caller's mistake: RangeError, nothing is sent.
   */
  transmit(command: Uint8Array, options: TransmitOptions): Promise<Uint8Array>;
  /** Idempotent; never rejects. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Milliseconds for connecting or opening, 5,000 unless the fixture says otherwise. */
  readonly connectDeadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** How to sign in at the DUT; an `ssh:` bridge needs it. */
  readonly ssh?: SshAccess | undefined;
  readonly question?: RemoteQuestion | undefined;
}
