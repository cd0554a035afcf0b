/**
 * The settings while somebody changes them: what the station has, the draft, and what the station says of it. Each change is
 * judged by the station some moments after the last key; what was asked before and answers late is dropped.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Settings, SettingsCheck, SettingsRefusalCode, SettingsView } from '../../src/api/contract.ts';
import type { Session } from '../../src/api/session.ts';
import { type CardName, callCard } from '../messages/card.ts';
import { settingsRefusal } from './refusal.ts';

/** Milliseconds without a key. */
const pause = 250;
/** Characters of a message to the station, with room around. */
const largest = 60_000;

export interface EditedSettings {
  readonly view: SettingsView | undefined;
  readonly draft: Settings;
  readonly check: SettingsCheck;
  readonly isChanged: boolean;
  /** The station has not judged the newest change yet. */
  readonly isJudging: boolean;
  readonly isTooLarge: boolean;
  readonly refused: CardName | undefined;
  change(to: (settings: Settings) => Settings): void;
  takeBack(): void;
  load(): Promise<void>;
  /** True: saved. */
  save(): Promise<boolean>;
  clearRefusal(): void;
}

const nothing: SettingsCheck = { faults: [], changes: [], isOutdated: false };

export function useSettings(session: Session, live: boolean): EditedSettings {
  const [view, setView] = useState<SettingsView>();
  const [draft, setDraft] = useState<Settings>({});
  const [check, setCheck] = useState(nothing);
  const [judged, setJudged] = useState<Settings>();
  const [refused, setRefused] = useState<CardName>();
  const newest = useRef(draft);
  newest.current = draft;

  const refuse = useCallback((code: SettingsRefusalCode) => setRefused(settingsRefusal(code)), []);
  const load = useCallback(async () => {
    try {
      const answer = await session.readSettings();
      if (!answer.ok) return refuse(answer.code);
      setView(answer.view);
      setDraft(answer.view.settings);
      setJudged(answer.view.settings);
      setCheck({ ...nothing, faults: answer.view.faults });
      setRefused(undefined);
    } catch (error) {
      setRefused(callCard(error));
    }
  }, [session, refuse]);
  const isThere = view !== undefined;
  useEffect(() => {
    if (live && !isThere) void load();
  }, [live, isThere, load]);

  const revision = view?.revision ?? null;
  const isTooLarge = JSON.stringify(draft).length > largest;
  useEffect(() => {
    if (!isThere || !live || isTooLarge || draft === judged) return;
    const timer = setTimeout(async () => {
      try {
        const answer = await session.checkSettings({ settings: draft, revision });
        if (newest.current !== draft) return;
        if (!answer.ok) return refuse(answer.code);
        setCheck(answer.check);
        setJudged(draft);
      } catch (error) {
        if (newest.current === draft) setRefused(callCard(error));
      }
    }, pause);
    return () => clearTimeout(timer);
  }, [session, draft, judged, revision, isThere, live, isTooLarge, refuse]);

  return {
    view,
    draft,
    check,
    isChanged:
      view !== undefined && draft !== view.settings && (check.changes.length > 0 || draft !== judged),
    isJudging: draft !== judged,
    isTooLarge,
    refused,
    change: to => {
      setRefused(undefined);
      setDraft(to);
    },
    takeBack: () => {
      if (!view) return;
      setDraft(view.settings);
      setRefused(undefined);
    },
    load,
    async save() {
      try {
        const answer = await session.saveSettings({ settings: draft, revision });
        if (!answer.ok) {
          if (answer.code === 'configuration-changed') setCheck({ ...check, isOutdated: true });
          if (answer.faults) setCheck({ ...check, faults: answer.faults });
          refuse(answer.code);
          return false;
        }
        await load();
        return true;
      } catch (error) {
        setRefused(callCard(error));
        return false;
      }
    },
    clearRefusal: () => setRefused(undefined),
  };
}
