/** Something that the station is asked to try now: under way, tried, or refused. */
import { useState } from 'react';
import type { SettingsRefusal } from '../../src/api/contract.ts';
import { type CardName, callCard } from '../messages/card.ts';
import { settingsRefusal } from './refusal.ts';

export interface Asked<Test> {
  readonly test: Test | 'asked' | undefined;
  readonly refused: CardName | undefined;
  ask(work: () => Promise<{ readonly ok: true; readonly test: Test } | SettingsRefusal>): Promise<void>;
}

export function useAsked<Test>(): Asked<Test> {
  const [test, setTest] = useState<Test | 'asked'>();
  const [refused, setRefused] = useState<CardName>();
  return {
    test,
    refused,
    async ask(work) {
      // Its button stays one that can be pressed, or it would lose the focus of whoever pressed it.
      if (test === 'asked') return;
      setTest('asked');
      setRefused(undefined);
      try {
        const answer = await work();
        setTest(answer.ok ? answer.test : undefined);
        if (!answer.ok) setRefused(settingsRefusal(answer.code));
      } catch (error) {
        setTest(undefined);
        setRefused(callCard(error));
      }
    },
  };
}
