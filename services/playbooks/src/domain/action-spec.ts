/** POST by Standard Webhooks. `body`: a Liquid template of the JSON to send; left out: the standard one. */
export interface WebhookSpec {
  readonly kind: 'webhook'
  readonly url: string
  readonly body?: string
}

/** A message to a Slack incoming webhook: the text of a content, or `text`, a Liquid template. One of the two. */
export interface SlackSpec {
  readonly kind: 'slack'
  readonly url: string
  readonly content?: string
  readonly text?: string
}

/** A mail with the subject and body of a content. `to`: the account's owner, or a literal address. */
export interface EmailSpec {
  readonly kind: 'email'
  readonly to: 'owner' | { readonly address: string }
  readonly content: string
  readonly language?: 'en' | 'ja'
}

/** Something for a person to do. `title` and `note` are Liquid templates; `content` gives both. */
export interface TaskSpec {
  readonly kind: 'task'
  readonly title?: string
  readonly note?: string
  readonly content?: string
  readonly language?: 'en' | 'ja'
  /** `owner`: the account's. */
  readonly owner: 'owner' | { readonly name: string }
  /** ISO 8601 duration from the request on. */
  readonly dueIn: string
}

export type ActionSpec = WebhookSpec | SlackSpec | EmailSpec | TaskSpec
