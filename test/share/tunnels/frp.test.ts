import { describe, expect, it } from 'vitest';
import { makeHome } from '../../helpers/home.ts';
import { calls, fake, open } from './world.ts';

describe('frp', () => {
  it("gives today's frpc a configuration file, its token in the environment alone", async () => {
    const home = makeHome();
    fake(
      home,
      'frpc',
      "if (process.argv[2] === '--version') { say('0.61.2'); process.exit(0); } fs.writeFileSync(note + '.config', config()); say('[I] [client/control.go:172] [abc] [demo] start proxy success');",
    );
    const { tunnel } = await open(
      home,
      'frp',
      { frp_address: 'frp.test:7001', frp_token: 'hush' },
      { subdomain: 'demo' },
    );
    expect(tunnel.url).toBe('https://demo.frp.test');
    expect(JSON.parse(home.read('calls.config'))).toMatchObject({
      serverAddr: 'frp.test',
      serverPort: 7001,
      auth: { method: 'token', token: '{{ .Envs.MCPM_FRP_TOKEN }}' },
      proxies: [
        { name: 'demo', type: 'http', subdomain: 'demo', localIP: '127.0.0.1', localPort: 6276 },
      ],
    });
    const call = calls(home)[1];
    expect(call?.env['MCPM_FRP_TOKEN']).toBe('hush');
    expect(JSON.stringify(call?.args)).not.toContain('hush');
    const file = call?.args[1] ?? '';
    await tunnel.close();
    expect(() => home.read(file.replace(home.dir, ''))).toThrow(/ENOENT/);
  });

  it('takes a port of its own where there is no name, and visitors then not at their word', async () => {
    const home = makeHome();
    fake(
      home,
      'frpc',
      "if (process.argv[2] === '--version') { say('0.65.0'); process.exit(0); } say('[I] [demo] start proxy success');",
    );
    const address = { frp_address: '203.0.113.7:7001' };
    await expect(open(home, 'frp', address)).rejects.toMatchObject({ code: 'USAGE' });
    const { tunnel } = await open(home, 'frp', { ...address, frp_port: '6300' });
    expect(tunnel.url).toBe('http://203.0.113.7:6300');
    expect(tunnel.addressHeader).toBeUndefined();
    const named = { ...address, frp_url: 'http://{subdomain}.frp.test:8080' };
    const http = await open(home, 'frp', named, { subdomain: 'demo' });
    expect(http.tunnel).toMatchObject({
      url: 'http://demo.frp.test:8080',
      addressHeader: 'x-forwarded-for',
    });
  });

  it('gives the 0.3 fork its arguments and takes the URL that the server chose', async () => {
    const home = makeHome();
    fake(
      home,
      'frpc',
      "if (process.argv[2] === '--version') { say('0.3'); process.exit(0); } say('2026/01/01 [I] start proxy success: https://abc.share.test');",
    );
    const { tunnel } = await open(home, 'frp', {}, { address: 'share.test:7000' });
    expect(tunnel.url).toBe('https://abc.share.test');
    const line = calls(home)[1]?.args.join(' ');
    expect(line).toMatch(
      /^http -n mcpm-[0-9a-f]{16} -l 6276 -i 127\.0\.0\.1 --uc --sd random --ue --server_addr share\.test:7000 --tls_enable --disable_log_color$/,
    );
  });
});
