import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import { leanBind } from '../../../src/share/relay/lean-bind.ts';

const original = AsyncResource.prototype.bind;

describe('a function bound to an asynchronous resource', () => {
  afterEach(() => {
    AsyncResource.prototype.bind = original;
  });

  it('runs where the resource was made, with its arguments and `this`, and carries nothing besides', () => {
    leanBind();
    const storage = new AsyncLocalStorage<string>();
    const bound = storage.run('made here', () =>
      new AsyncResource('test').bind(function (this: unknown, ...args: unknown[]) {
        return [storage.getStore(), this, ...args];
      }),
    );
    const self = {};
    expect(storage.run('called there', () => bound.call(self, 1, 2))).toEqual([
      'made here',
      self,
      1,
      2,
    ]);
    expect('asyncResource' in bound).toBe(false);
  });

  it('is left to Node when Node does no more than that', () => {
    leanBind();
    const lean = AsyncResource.prototype.bind;
    leanBind();
    expect(AsyncResource.prototype.bind).toBe(lean);
  });
});
