// Serve every server of a profile as one, with a log of the calls, a tool that nobody may call, and a bearer token at the door.
import { bearerGuard, createGateway, GlobalConfigManager, type Middleware, RpcFailure } from 'mcpm';

const logCalls: Middleware = {
  async onCallTool({ params, client }, next) {
    const began = performance.now();
    const result = await next();
    console.error(`${client?.name} called ${params.name} in ${performance.now() - began} ms`);
    return result;
  },
};

const noDeleting: Middleware = {
  async onListTools(_context, next) {
    const result = await next();
    const tools = result.tools as { name: string }[];
    return { ...result, tools: tools.filter(({ name }) => !name.endsWith('_delete')) };
  },
  async onCallTool({ params }, next) {
    if (String(params.name).endsWith('_delete')) throw new RpcFailure(-32602, 'Not here');
    return next();
  },
};

const all = await new GlobalConfigManager().listServers();
const servers = all.filter(({ profile_tags }) => profile_tags.includes('web-dev'));
const gateway = createGateway({ name: 'web-dev', servers, middleware: [logCalls, noDeleting] });
const endpoint = await gateway.serveHttp({ guard: bearerGuard(process.env.TOKEN ?? ''), port: 0 });
console.log(endpoint.url);
process.once('SIGINT', () => void gateway.close());
