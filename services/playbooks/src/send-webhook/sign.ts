import { Webhook } from 'standardwebhooks'

/** Standard Webhooks 1.0 headers of an attempt; one signature per secret, so that secrets can be rotated. */
export const signedHeaders = (
  webhookId: string,
  at: Date,
  body: string,
  secrets: readonly string[],
): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'Banso',
  'webhook-id': webhookId,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(webhookId, at, body)).join(' '),
})
