/** Fifty clients at once on one gateway, whose request ids and progress tokens are all the same: nobody gets what is another's. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rawServer, type Wire } from '../helpers/engine.ts';
import { HttpClient, serveOnHttp } from '../helpers/served.ts';

const SESSIONS = 50;
/** What a session does, one after the other. */
const STEPS = ['echo', 'progress', 'ask', 'list', 'resource'] as const;
type Step = (typeof STEPS)[number];

/** A session, and what it saw that it should not have seen. */
class Session {
  readonly #client: HttpClient;
  readonly #name: string;
  readonly #prefix: string;
  readonly #mayRefuse: boolean;

  constructor(url: string, index: number, prefix: string, mayRefuse: boolean) {
    this.#client = new HttpClient(url);
    this.#name = `session ${index}`;
    this.#prefix = prefix;
    this.#mayRefuse = mayRefuse;
    this.#client.answers['elicitation/create'] = () => ({
      action: 'accept',
      content: { who: this.#name },
    });
  }

  async run(steps: readonly Step[]): Promise<void> {
    await this.#client.initialize({ capabilities: { elicitation: {} } });
    for (const [index, step] of steps.entries()) await this[step](index);
  }

  async echo(index: number): Promise<void> {
    const text = `${this.#name}, ${index}`;
    expect(await this.#client.call(`${this.#prefix}echo`, { text })).toBe(text);
  }

  /** Every session uses the token 1, and asks for as many steps as its index tells. */
  async progress(index: number): Promise<void> {
    const before = this.#client.received.length;
    const steps = (index % 3) + 1;
    await this.#request('tools/call', {
      name: `${this.#prefix}progress`,
      arguments: { steps },
      _meta: { progressToken: 1 },
    });
    const told = this.#client.received.slice(before).map(({ params }) => params);
    expect(
      told.map(({ progressToken, progress, total }) => [progressToken, progress, total]),
    ).toEqual(Array.from({ length: steps }, (_, at) => [1, at + 1, steps]));
  }

  /** A server that is shared may be unable to tell whom it asks: then it is told so, and never another session. */
  async ask(): Promise<void> {
    const before = this.#client.received.length;
    const params = { message: this.#name, requestedSchema: { type: 'object', properties: {} } };
    const { result } = await this.#request('tools/call', {
      name: `${this.#prefix}ask`,
      arguments: { method: 'elicitation/create', params },
    });
    const { content, error } = JSON.parse(result.content[0].text);
    if (this.#mayRefuse && error) return;
    expect(content).toEqual({ who: this.#name });
    expect(this.#client.received.slice(before).map(({ params: asked }) => asked.message)).toEqual([
      this.#name,
    ]);
  }

  async list(): Promise<void> {
    const { result } = await this.#request('tools/list', {});
    expect(result.tools.length).toBeGreaterThan(5);
  }

  async resource(): Promise<void> {
    const uri = this.#prefix ? 'memo://one/one' : 'memo://one';
    const { result } = await this.#request('resources/read', { uri });
    expect(result.contents[0].uri).toBe(uri);
  }

  async #request(method: string, params: object): Promise<Wire> {
    const answer = await this.#client.request(method, params);
    expect(answer.error).toBeUndefined();
    return answer;
  }
}

const plans = fc.array(fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 6 }), {
  minLength: SESSIONS,
  maxLength: SESSIONS,
});

describe('fifty interleaved sessions get what is theirs', () => {
  test.each([
    ['one shared server', [rawServer('one')], '', true],
    ['two shared servers', [rawServer('one'), rawServer('two')], 'one_', true],
  ] as const)('from %s', async (_name, servers, prefix, mayRefuse) => {
    const { url } = await serveOnHttp(servers);
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const sessions = plan.map((_, index) => new Session(url, index, prefix, mayRefuse));
        await Promise.all(sessions.map((session, index) => session.run(plan[index] ?? [])));
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  test('from a server that each has for itself', async () => {
    const { url } = await serveOnHttp([{ ...rawServer('one'), isolation: 'session' }]);
    const [plan = []] = fc.sample(plans, 1);
    const sessions = plan.slice(0, 12).map((_, index) => new Session(url, index, '', false));
    await Promise.all(sessions.map((session, index) => session.run(plan[index] ?? [])));
  });
});
