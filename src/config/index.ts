/** The global configuration: servers and settings. */
export { addable, GlobalConfigManager, type NewServer } from './global-config.ts';
export {
  KNOWN_SETTINGS,
  type KnownSetting,
  matches,
  parseSetting,
  settingKey,
  shownSetting,
} from './known-settings.ts';
export { engineLimits } from './limits.ts';
export {
  getServer,
  pick,
  readServers,
  type Servers,
  updateServers,
  validateName,
  validateServerName,
} from './servers.ts';
export { readSettings, type Settings, updateSettings } from './settings.ts';
export { SHARE_SETTINGS, type ShareSetting } from './share-settings.ts';
export {
  type CustomServer,
  isRemote,
  isStdio,
  kindOf,
  type ProfileMetadata,
  type RemoteServer,
  type Server,
  type StdioServer,
} from './types.ts';
