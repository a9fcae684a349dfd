/** An app's own permissions and roles, which it lays over Firekeep's: see `functions/src/app-roles.ts`. */
export interface AppRoles {
  /** What each of the app's own permissions allows. Names are two lower-case words: `photos.review`. */
  readonly permissions: Readonly<Record<`${string}.${string}`, string>>;
  /**
   * What roles hold by the app's wish. A role of Firekeep's gains only permissions of the app's own; a new role may hold
   * any, but for `admin.users` it must stand in `config.roles.twoPerson`.
   */
  readonly grants: Readonly<Record<string, readonly string[]>>;
}
