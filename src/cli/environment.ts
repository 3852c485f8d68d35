/** The environment variables this program reads, for the generated page; a test holds the list against the sources. */

/** One variable. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly meaning: string;
}

/** Every variable there is. */
export const ENVIRONMENT: readonly EnvironmentVariable[] = [
  {
    name: 'MCPM_CONFIG_DIR',
    meaning: 'The folder of servers.json, profiles and settings, instead of `~/.config/mcpm`',
  },
  {
    name: 'MCPM_DATA_DIR',
    meaning: 'The folder of caches, backups, usage and installed bundles, instead of `~/.mcpm`',
  },
  {
    name: 'MCPM_NON_INTERACTIVE',
    meaning: '`true`: never ask; `CI` and a stdin that is no terminal mean the same',
  },
  { name: 'MCPM_FORCE', meaning: '`true`: answer every confirmation with yes, as `--yes` does' },
  {
    name: 'MCPM_JSON_OUTPUT',
    meaning: '`true`: print results and errors as JSON, as `--json` does',
  },
  {
    name: 'MCPM_DEBUG',
    meaning: '`1`: show notes for debugging and the causes of errors on stderr',
  },
  {
    name: 'MCPM_REGISTRY_URL',
    meaning: 'The address of a registry to ask instead of the configured ones',
  },
  {
    name: 'MCPM_SERVER_<SERVER>_<ARG>',
    meaning: 'The value of an install argument, for one server (upper case, `-` becomes `_`)',
  },
  { name: 'MCPM_ARG_<ARG>', meaning: 'The value of an install argument, for any server' },
  {
    name: 'HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY',
    meaning:
      'The proxy for registries, remote servers and downloads, and what is reached without it',
  },
  {
    name: 'npm_config_registry',
    meaning: 'Where npm packages are looked up, as for npm; `.npmrc` is read too',
  },
  {
    name: 'UV_DEFAULT_INDEX, UV_INDEX_URL, PIP_INDEX_URL',
    meaning:
      "Where Python packages are looked up, as for uv and pip; pip's configuration is read too",
  },
  {
    name: 'MCPM_<SETTING>',
    meaning:
      'A setting of tunnels (`MCPM_RELAY_TOKEN` for `relay_token` …), instead of the one in config.json',
  },
  {
    name: 'MCPM_SECRETS_KEY',
    meaning: 'The passphrase of the encrypted secrets file, instead of a key file beside it',
  },
  {
    name: 'MCPM_SECRETS_BACKEND',
    meaning:
      '`keychain` or `file`: where secrets are kept, instead of the keychain where there is one and the encrypted file elsewhere',
  },
  {
    name: 'MCPM_OAUTH_CLIENT_METADATA_URL',
    meaning:
      'The HTTPS address of a client metadata document: what mcpm is called at authorization servers that take those',
  },
  {
    name: 'BROWSER',
    meaning:
      'The command that opens an address (`%s`, or the last word) when a remote server wants a sign-in',
  },
  { name: 'NO_COLOR', meaning: 'Any value: no colours' },
  {
    name: 'FORCE_COLOR',
    meaning: 'Any value but `0`: colours also where the output is no terminal',
  },
  { name: 'VISUAL, EDITOR', meaning: 'The editor that `mcpm edit --editor` opens' },
];
