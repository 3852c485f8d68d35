/** Every client, by key. To add one: `npm run new:client -- <key>`. */
import type { ClientKey } from '../keys.ts';
import type { ClientRow } from '../types.ts';
import { fiveIre } from './5ire.ts';
import { amp } from './amp.ts';
import { antigravity } from './antigravity.ts';
import { augment } from './augment.ts';
import { boltAi } from './boltai.ts';
import { claudeCode } from './claude-code.ts';
import { claudeDesktop } from './claude-desktop.ts';
import { cline } from './cline.ts';
import { clineCli } from './cline-cli.ts';
import { codexCli } from './codex-cli.ts';
import { continueDev } from './continue.ts';
import { copilotCli } from './copilot-cli.ts';
import { crush } from './crush.ts';
import { cursor } from './cursor.ts';
import { devin } from './devin.ts';
import { factoryDroid } from './factory-droid.ts';
import { geminiCli } from './gemini-cli.ts';
import { gooseCli } from './goose-cli.ts';
import { grokBuild } from './grok-build.ts';
import { junie } from './junie.ts';
import { kiloCode } from './kilo-code.ts';
import { kimiCli } from './kimi-cli.ts';
import { kiro } from './kiro.ts';
import { libreChat } from './librechat.ts';
import { lmStudio } from './lm-studio.ts';
import { mcpJson } from './mcp-json.ts';
import { mcporter } from './mcporter.ts';
import { mistralVibe } from './mistral-vibe.ts';
import { openCode } from './opencode.ts';
import { pi } from './pi.ts';
import { qoder } from './qoder.ts';
import { qwenCli } from './qwen-cli.ts';
import { rooCode } from './roo-code.ts';
import { trae } from './trae.ts';
import { vscode } from './vscode.ts';
import { vscodeInsiders } from './vscode-insiders.ts';
import { vscodeServer } from './vscode-server.ts';
import { warp } from './warp.ts';
import { windsurf } from './windsurf.ts';
import { windsurfJetbrains } from './windsurf-jetbrains.ts';
import { witsy } from './witsy.ts';
import { zed } from './zed.ts';

/** The rows; the compiler checks that none is missing. */
export const CLIENTS: Readonly<Record<ClientKey, ClientRow>> = {
  'claude-desktop': claudeDesktop,
  'claude-code': claudeCode,
  cursor: cursor,
  windsurf: windsurf,
  vscode: vscode,
  cline: cline,
  'roo-code': rooCode,
  continue: continueDev,
  'goose-cli': gooseCli,
  '5ire': fiveIre,
  trae: trae,
  'gemini-cli': geminiCli,
  'qwen-cli': qwenCli,
  'codex-cli': codexCli,
  'vscode-insiders': vscodeInsiders,
  'vscode-server': vscodeServer,
  'copilot-cli': copilotCli,
  zed: zed,
  opencode: openCode,
  kiro: kiro,
  antigravity: antigravity,
  amp: amp,
  'lm-studio': lmStudio,
  crush: crush,
  junie: junie,
  'windsurf-jetbrains': windsurfJetbrains,
  devin: devin,
  'cline-cli': clineCli,
  'kilo-code': kiloCode,
  'factory-droid': factoryDroid,
  qoder: qoder,
  'kimi-cli': kimiCli,
  'mistral-vibe': mistralVibe,
  warp: warp,
  librechat: libreChat,
  witsy: witsy,
  boltai: boltAi,
  augment: augment,
  pi: pi,
  mcporter: mcporter,
  'grok-build': grokBuild,
  'mcp-json': mcpJson,
};
