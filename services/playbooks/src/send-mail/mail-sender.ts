import type { Clock } from '@banso/platform'
import type { EmailSpec } from '../domain/action-spec.ts'
import type { Attempt } from '../domain/delivery.ts'
import { type MailText, renderMail } from '../render-content/render-mail.ts'
import { TemplateFailedError, type Templates } from '../render-content/templates.ts'
import { templateContextOf } from '../start-actions/template-context.ts'
import type { AccountOwners } from '../store/account-owners.ts'
import type { Contents } from '../store/contents.ts'
import type { Deliveries, Delivered, Delivery } from '../store/deliveries.ts'
import type { MailClient } from './mail-client.ts'

/** Who sends, and in which language where the account names none. */
export interface Sender {
  /** Null where no mail server is set. */
  readonly client: MailClient | null
  /** A mail address. */
  readonly from: string
  readonly language: string
}

/** Writes the mail of an action and hands it to the mail server, once. */
export class MailSender {
  constructor(
    private readonly deliveries: Deliveries,
    private readonly contents: Contents,
    private readonly owners: AccountOwners,
    private readonly templates: Templates,
    private readonly sender: Sender,
    private readonly clock: Clock,
  ) {}

  async send(delivery: Delivery, spec: EmailSpec, signal: AbortSignal): Promise<Delivered> {
    const madeAt = this.clock.now()
    const content = await this.contents.get(spec.content, delivery.contentVersion)
    const contentVersion = content?.version ?? null
    const done = (attempt: Attempt): Delivered => ({ delivery, attempt, madeAt, contentVersion })
    const { client, from } = this.sender
    if (client === null) return done({ kind: 'obstacle', obstacle: 'mail-not-configured' })
    if (content === null) return done({ kind: 'obstacle', obstacle: 'content-missing' })
    const mail = this.#textOf(delivery, spec, content.spec)
    if (mail === null) return done({ kind: 'obstacle', obstacle: 'template-failed' })
    const to = await this.#addressOf(delivery, spec)
    if (typeof to !== 'string') return done(to)
    await this.deliveries.begin(delivery, madeAt)
    const messageId = `${delivery.actionId}@${from.split('@')[1]}`
    return done(await client.send({ ...mail, from, to, messageId }, signal))
  }

  close(): void {
    this.sender.client?.close()
  }

  #textOf(delivery: Delivery, { language }: EmailSpec, content: Parameters<typeof renderMail>[1]): MailText | null {
    const traits = 'account' in delivery.facts ? delivery.facts.account.traits : {}
    const wanted = [language, traits['language'], this.sender.language, 'en']
    try {
      return renderMail(this.templates, content, wanted, templateContextOf(delivery))
    } catch (fault) {
      if (fault instanceof TemplateFailedError) return null
      throw fault
    }
  }

  async #addressOf({ accountId }: Delivery, { to }: EmailSpec): Promise<string | Attempt> {
    if (to !== 'owner') return to.address
    const owner = await this.owners.address(accountId)
    switch (owner.kind) {
      case 'address':
        return owner.address
      case 'none':
        return { kind: 'obstacle', obstacle: 'no-owner-address' }
      case 'key-missing':
        return { kind: 'fault', fault: 'owner-key-missing', unsure: false }
      default:
        return owner satisfies never
    }
  }
}
