/** Virtual profiles: tags on servers. */
export { ProfileConfigManager } from './profile-config.ts';
export {
  changeProfile,
  createProfile,
  deleteProfile,
  getProfile,
  listProfiles,
  type Profile,
  type ProfileChange,
  profileNames,
  serversOfProfile,
} from './profiles.ts';
