/** The library's face of profiles. */
import { type Context, type ContextOverrides, createContext } from '../context.ts';
import {
  changeProfile,
  createProfile,
  deleteProfile,
  getProfile,
  listProfiles,
  type Profile,
} from './profiles.ts';

/** The virtual profiles of this user: tags on servers. */
export class ProfileConfigManager {
  readonly #ctx: Context;

  /** @param world Parts of the world to replace: `home`, `env`, `platform` …; the process's own by default. */
  constructor(world: ContextOverrides = {}) {
    this.#ctx = createContext(world);
  }

  /** Create an empty profile. @throws McpmError `CONFLICT`, `INVALID_INPUT`. */
  createProfile(name: string, options: { readonly description?: string } = {}): Promise<Profile> {
    return createProfile(this.#ctx, name, options);
  }

  /** Put a server into a profile. @throws McpmError `NOT_FOUND` for either. */
  addServerToProfile(profile: string, server: string): Promise<Profile> {
    return changeProfile(this.#ctx, profile, { add: [server] });
  }

  /** Take a server out of a profile. @throws McpmError `NOT_FOUND` for either. */
  removeServerFromProfile(profile: string, server: string): Promise<Profile> {
    return changeProfile(this.#ctx, profile, { remove: [server] });
  }

  /** Rename a profile. @throws McpmError `NOT_FOUND`, `CONFLICT`, `INVALID_INPUT`. */
  renameProfile(profile: string, name: string): Promise<Profile> {
    return changeProfile(this.#ctx, profile, { name });
  }

  /** Delete a profile; its servers stay. @throws McpmError `NOT_FOUND`. */
  async deleteProfile(profile: string): Promise<void> {
    await deleteProfile(this.#ctx, profile);
  }

  /** All profiles, by name. */
  listProfiles(): Promise<Profile[]> {
    return listProfiles(this.#ctx);
  }

  /** One profile. @throws McpmError `NOT_FOUND`. */
  getProfile(name: string): Promise<Profile> {
    return getProfile(this.#ctx, name);
  }
}
