/** A role's name: one of Firekeep's, or the app's own typed in. */
export const RoleField = ({ value }: { value?: string }) => (
  <label>
    Role
    <input
      name="role"
      list="roles"
      defaultValue={value}
      required
      maxLength={32}
      pattern="[a-z]+(-[a-z]+)*"
      autocomplete="off"
    />
    <datalist id="roles">
      {ROLES.map((role) => (
        <option key={role} value={role} />
      ))}
    </datalist>
  </label>
);

const ROLES = ["admin", "analyst", "responder", "privacy-officer", "support", "moderator", "premium", "user"];
