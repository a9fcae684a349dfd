/** Shown once: they are stored as hashes and cannot be shown again. */
export const BackupCodes = ({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) => (
  <div class="callout" role="status">
    <h3>Your backup codes</h3>
    <p>
      Each works once, when the app is not at hand. Keep them where you keep important papers. They are not shown again.
    </p>
    <ol class="codes">
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ol>
    <button type="button" onClick={onDone}>
      I have kept them
    </button>
  </div>
);
