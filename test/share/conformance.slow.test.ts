/** The official suite against a server shared through a relay: all that passes directly passes there. */
import { describe, expect, test } from 'vitest';
import { createCertificate } from '../../src/share/certificate.ts';
import { FIXTURE } from '../conformance/fixture.ts';
import { failures, REQUIRED, REVISIONS, testServer } from '../conformance/suite.ts';
import { makeProgramHome, startProgram } from './program.ts';

const now = new Date();
const authority = createCertificate({ names: ['Test CA'], days: 2, now, authority: true });
// The suite's rebinding scenario asks by a foreign name, and over TLS its client first checks the certificate for that name.
const names = ['localhost', 'evil.example.com'];
const leaf = createCertificate({ names, days: 2, now, issuer: authority });
const fixture = { command: process.execPath, args: [FIXTURE] };

describe('a server shared through a relay', () => {
  test.each(REVISIONS)('passes every scenario of %s', async (revision) => {
    const home = makeProgramHome({ fixture });
    const ca = home.write('ca.pem', authority.cert);
    const tls = [
      '--tls-cert',
      home.write('cert.pem', leaf.cert),
      '--tls-key',
      home.write('key.pem', leaf.key),
    ];
    const limits = ['--rate', '5000', '--visitor-rate', '5000'];
    const relay = startProgram(home, [
      'relay',
      '--port',
      '0',
      '--host',
      '127.0.0.1',
      ...limits,
      ...tls,
    ]);
    const { port, created } = (await relay.line('ready')) as unknown as {
      port: number;
      created: { token: string }[];
    };
    const share = startProgram(home, ['share', 'fixture', '--no-auth', '--yes', '--port', '0'], {
      MCPM_RELAY_ADDRESS: `localhost:${port}`,
      MCPM_RELAY_TOKEN: created[0]?.token ?? '',
      MCPM_RELAY_CA: ca,
    });
    const { url } = (await share.line('ready')) as unknown as { url: string };
    const verdict = await testServer(url, revision, { NODE_EXTRA_CA_CERTS: ca });
    expect(failures(verdict), verdict.output).toEqual([]);
    expect(Object.keys(verdict.required)).toHaveLength(REQUIRED.server[revision]);
  });
});
