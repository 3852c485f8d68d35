/** The owner's yes. What asks to be let in waits here until the owner answers, at the terminal or in a browser on this machine. */
import { randomBytes, randomInt } from 'node:crypto';
import type { OAuthClient } from './clients.ts';

/** A client that waits for the owner. */
export interface PendingConsent {
  /** Unguessable; known to the browser that waits. */
  readonly id: string;
  /** Shown to both sides, so that the owner knows whom the question is about. */
  readonly code: string;
  readonly client: OAuthClient;
  readonly redirectUri: string;
  readonly address: string;
  /** Settles with the answer; false when nobody answered in time. */
  readonly answered: Promise<boolean>;
}

/** Where clients wait and owners answer. */
export interface ConsentDesk {
  /** @returns `undefined` when too many wait already. */
  ask(
    about: Pick<PendingConsent, 'client' | 'redirectUri' | 'address'>,
  ): PendingConsent | undefined;
  answer(id: string, allowed: boolean): void;
  pending(): readonly PendingConsent[];
  close(): void;
}

const PATIENCE = 5 * 60_000;
const MOST_WAITING = 10;
const MOST_PER_ADDRESS = 3;
/** No vowels and nothing that looks like something else. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** Open a desk; `onAsk` shows each question to the owner. */
export function createConsentDesk(onAsk: (pending: PendingConsent) => void): ConsentDesk {
  const waiting = new Map<
    string,
    { pending: PendingConsent; settle: (allowed: boolean) => void }
  >();
  return {
    ask(about) {
      const all = [...waiting.values()];
      const same = all.filter(({ pending }) => pending.address === about.address);
      if (all.length >= MOST_WAITING || same.length >= MOST_PER_ADDRESS) return undefined;
      const id = randomBytes(16).toString('hex');
      let settle: (allowed: boolean) => void = () => {};
      const answered = new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => settle(false), PATIENCE);
        settle = (allowed) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(allowed);
        };
      });
      const pending = { id, code: createCode(), answered, ...about };
      waiting.set(id, { pending, settle });
      onAsk(pending);
      return pending;
    },
    answer: (id, allowed) => waiting.get(id)?.settle(allowed),
    pending: () => [...waiting.values()].map(({ pending }) => pending),
    close() {
      for (const { settle } of waiting.values()) settle(false);
    },
  };
}

function createCode(): string {
  const letters = Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]);
  return `${letters.slice(0, 3).join('')}-${letters.slice(3).join('')}`;
}
