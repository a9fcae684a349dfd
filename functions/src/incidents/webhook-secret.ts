/** What a webhook's secret is sealed under: its own webhook, and Firekeep itself rather than a person. */
export const webhookSecretPlace = (webhook: string): { label: string; subject: string } => ({
  label: `incidents.webhook/${webhook}`,
  subject: "system:webhooks",
});
