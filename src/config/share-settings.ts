/** The settings of tunnels: what `mcpm share` reads, each a text. */

/** Every key that shares read, with what it means (`mcpm config ls` and the docs list them from here). */
export const SHARE_SETTINGS = {
  share_provider: 'The tunnel that `mcpm share` takes when none is named',
  relay_address: 'Own relay: HOST:PORT',
  relay_token: 'Own relay: the token its owner gave out',
  relay_pin: 'Own relay: the pin of its key (sha256:…), for a self-signed one',
  relay_ca: 'Own relay: a file of certificate authorities to trust (PEM)',
  ssh_address: 'ssh: [USER@]HOST[:PORT] of any sshd',
  ssh_url: 'ssh: the public URL, {port} standing for the port the sshd allocated',
  ssh_remote: 'ssh: what to listen on there, [BIND:]PORT (0: any)',
  ssh_options: 'ssh: further arguments for the program',
  frp_address: 'frp: HOST:PORT of the frps',
  frp_token: 'frp: its auth token',
  frp_url: 'frp: the public URL, {subdomain} or {port} standing for what is asked for',
  frp_port: 'frp: the remote port, for a TCP proxy instead of an HTTP one',
  cloudflared_url: 'cloudflared: the public URL of a named tunnel',
  cloudflared_token: 'cloudflared: the token of a named tunnel',
  ngrok_url: 'ngrok: your own domain there',
  share_command: 'command: the program and its arguments, {port} and {subdomain} replaced',
  share_command_url: 'command: a regular expression that finds the URL in its output',
  ssh_path: 'The ssh program, when it is not on PATH',
  frp_path: 'The frpc program, when it is not on PATH',
  cloudflared_path: 'The cloudflared program, when it is not on PATH',
  ngrok_path: 'The ngrok program, when it is not on PATH',
  tailscale_path: 'The tailscale program, when it is not on PATH',
} as const;

/** A key of {@link SHARE_SETTINGS}. */
export type ShareSetting = keyof typeof SHARE_SETTINGS;
