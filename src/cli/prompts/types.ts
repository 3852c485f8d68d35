/** What a command may ask a person. Prompts only fill in what is missing; the path afterwards is one. */

/** One thing to choose. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** The questions. Each rejects with `CANCELLED` when the person interrupts. */
export interface Prompts {
  text(question: {
    readonly message: string;
    readonly placeholder?: string;
    /** What stands in the field at first. */
    readonly initial?: string;
    /** A complaint, or nothing when the answer is fine. */
    readonly validate?: (answer: string) => string | undefined;
    /** Takes the question back: it rejects as if the person had interrupted. */
    readonly signal?: AbortSignal;
  }): Promise<string>;
  /** A text that is not shown while it is typed. */
  secret(question: {
    readonly message: string;
    readonly validate?: (answer: string) => string | undefined;
  }): Promise<string>;
  confirm(question: { readonly message: string; readonly initial?: boolean }): Promise<boolean>;
  select<T>(question: {
    readonly message: string;
    readonly choices: readonly Choice<T>[];
    readonly initial?: T;
  }): Promise<T>;
  /** Several of many; typing filters the list. Not asked when there is nothing to choose from. */
  multiselect<T>(question: {
    readonly message: string;
    readonly choices: readonly Choice<T>[];
    readonly initial?: readonly T[];
  }): Promise<T[]>;
}
