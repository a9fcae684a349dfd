/**
 * Where Firekeep's own collections keep tokens of `sealSecret`, which no data map's field tells of. A sweep that gives data
 * new keys must find every one of them: a token that is not listed here would be lost with its old key.
 */
export interface SecretHome {
  /** Name in the data map; one of the default database. */
  readonly collection: string;
  readonly field: string;
  /** Where the field is a map, or an array of maps: the entry that is the token. Absent: the field itself is. */
  readonly entry?: string;
  /** What it was sealed with. `{name}`: from the map around the token, else the document, else the path. */
  readonly label: string;
  readonly subject: string;
  /** Takes the place of a subject that the document does not name. */
  readonly otherwise?: string;
}

export const ownSecrets: readonly SecretHome[] = [
  { collection: "secFactors", field: "totp", entry: "sealedSeed", label: "identity.totp/{id}", subject: "{uid}" },
  { collection: "secFactors", field: "pending", entry: "sealedSeed", label: "identity.totp/{id}", subject: "{uid}" },
  { collection: "secContacts", field: "contacts", entry: "sealed", label: "identity.contact/{id}", subject: "{uid}" },
  {
    collection: "secNotices",
    field: "content",
    label: "identity.notice/{id}",
    subject: "{uid}",
    otherwise: "system:mail",
  },
  {
    collection: "secSignalReceivers",
    field: "authorization",
    label: "identity.receiver/{id}",
    subject: "system:signals",
  },
  { collection: "incidentWebhooks", field: "secret", label: "incidents.webhook/{id}", subject: "system:webhooks" },
];
