/** The tools a server of the stateless era offers, as far as their arguments are mirrored into headers. */
import { isObject, type Json, type Request } from '../../json-rpc.ts';
import { argumentHeaders, type MirroredArgument, mirroredArguments } from './mirrored-headers.ts';

/** Learns from `tools/list` which arguments of which tool are mirrored, and leaves out the tools that are not sound. */
export class OfferedTools {
  readonly #mirrored = new Map<string, readonly MirroredArgument[]>();
  readonly #warn: (message: string) => void;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** The result of `tools/list` as it may be shown: the very same object, unless a tool had to be left out. */
  learn(result: Json): Json {
    if (!Array.isArray(result.tools)) return result;
    const sound = result.tools.filter((tool) => this.#learnOne(tool));
    return sound.length === result.tools.length ? result : { ...result, tools: sound };
  }

  #learnOne(tool: unknown): boolean {
    if (!isObject(tool) || typeof tool.name !== 'string') return true;
    const mirrored = mirroredArguments(tool.inputSchema);
    if (typeof mirrored === 'string') {
      this.#warn(`the tool ${tool.name} is left out: ${mirrored}`);
      return false;
    }
    if (mirrored.length > 0) this.#mirrored.set(tool.name, mirrored);
    else this.#mirrored.delete(tool.name);
    return true;
  }

  /** The headers of a call, by what is known of its tool. */
  headers(request: Request): Record<string, string> {
    const name = request.params?.name;
    if (request.method !== 'tools/call' || typeof name !== 'string') return {};
    return argumentHeaders(this.#mirrored.get(name) ?? [], request.params?.arguments);
  }
}
