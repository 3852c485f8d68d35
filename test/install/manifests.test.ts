import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { plan } from '../../src/install/index.ts';
import { loadCatalogue } from '../../src/registry/catalogue/index.ts';
import type { Manifest } from '../../src/registry/index.ts';
import { makeHome } from '../helpers/home.ts';

const path = fileURLToPath(new URL('../fixtures/registry/mcpm-servers.json', import.meta.url));
const servers = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Manifest>;
const VALUE = 'given value';

/** Every argument by its environment variable, in the form most special to the program. */
function valuesFor(manifest: Manifest): Record<string, string> {
  const texts = JSON.stringify(manifest.installations);
  const referred = [...texts.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  const names = [...Object.keys(manifest.arguments ?? {}), ...referred];
  return Object.fromEntries(
    names.map((name) => [`MCPM_ARG_${name.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`, VALUE]),
  );
}

it('plans every installation of all 176 manifests of the MCPM registry, given values', async () => {
  const home = makeHome({ env: { MCPM_REGISTRY_URL: path, PATH: '/nowhere' } });
  let plans = 0;
  for (const [name, manifest] of Object.entries(servers)) {
    const ctx = { ...home.ctx, env: { ...home.ctx.env, ...valuesFor(manifest) } };
    for (const method of Object.keys(manifest.installations)) {
      const planned = await plan(ctx, {
        reference: `files:${name}`,
        method,
        pin: false,
        alias: 'x',
      });
      const shown = JSON.stringify(planned.server);
      expect(shown, `${name} by ${method}`).not.toMatch(/\$\{(?!secret:)/);
      for (const argument of planned.arguments) expect(argument.from).toBe('environment');
      plans += 1;
    }
  }
  expect(Object.keys(servers)).toHaveLength(176);
  expect(plans).toBe(233);
});

it('plans every server of the catalogue, given values', async () => {
  const home = makeHome({ env: { PATH: '/nowhere' } });
  home.write('.config/mcpm/config.json', JSON.stringify({ registries: ['catalogue'] }));
  for (const manifest of await loadCatalogue()) {
    const set = Object.entries(manifest.arguments ?? {}).map(
      ([name, one]) =>
        [
          name,
          one.choices?.[0] ??
            (one.format === 'number' ? '1' : one.format === 'boolean' ? 'true' : 'v'),
        ] as const,
    );
    const env = Object.fromEntries(
      set.map(([name, value]) => [`MCPM_ARG_${name.toUpperCase()}`, value]),
    );
    const ctx = { ...home.ctx, env: { ...home.ctx.env, ...env } };
    for (const method of Object.keys(manifest.installations)) {
      const planned = await plan(ctx, { reference: manifest.name, method, pin: false });
      expect(planned.name).toBe(manifest.name);
      expect(JSON.stringify(planned.server)).not.toMatch(/\$\{(?!secret:)/);
    }
  }
});
