/** One field for both kinds: six digits, or a backup code. */
export const codeInput = () => (
  <label>
    Code from your authenticator app, or a backup code
    <input name="code" autocomplete="one-time-code" required maxLength={64} autofocus spellcheck={false} />
  </label>
);
