// Install a server by hand, group it, plug the group into a client, and see what is there.
import { ClientConfigManager, GlobalConfigManager, ProfileConfigManager } from 'mcpm';

const config = new GlobalConfigManager();
await config.addServer({
  name: 'browse',
  command: 'npx',
  args: ['-y', 'mcp-server-browse'],
  env: { BROWSE_TOKEN: '${secret:browse-token}' },
});
await config.addServer({ name: 'docs', url: 'https://docs.example.com/mcp' });

const profiles = new ProfileConfigManager();
await profiles.createProfile('web-dev', { description: 'for the web' });
await profiles.addServerToProfile('web-dev', 'browse');

for (const server of await config.listServers()) {
  console.log(server.name, server.profile_tags);
}

const clients = new ClientConfigManager();
await clients.editClientConfig('claude-desktop', { profiles: ['web-dev'] });
const { title, profiles: held } = await clients.getClient('claude-desktop');
console.log(title, held);
