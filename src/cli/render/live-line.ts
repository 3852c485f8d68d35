/** One line at the bottom of the terminal that is written over: counters of something that runs. */
import type { Context } from '../../context.ts';

/** The line. */
export interface LiveLine {
  /** Show a text, at most a few times a second; it is asked for when it is about to be shown. */
  update(text: () => string): void;
  /** Take it away, before something else is printed. */
  clear(): void;
}

const EVERY = 200;

/** On stderr, and only where someone looks at it. */
export function liveLine(ctx: Context): LiveLine {
  if (!ctx.terminal.interactive) return { update() {}, clear() {} };
  let shown = false;
  let waiting: (() => string) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    timer = undefined;
    if (waiting === undefined) return;
    ctx.stderr.write(`\r\u001b[K${waiting()}`);
    shown = true;
    waiting = undefined;
  };
  return {
    update(text) {
      waiting = text;
      timer ??= setTimeout(draw, EVERY).unref();
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      waiting = undefined;
      if (shown) ctx.stderr.write('\r\u001b[K');
      shown = false;
    },
  };
}
