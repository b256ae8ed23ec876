import type { SlackSpec } from '../domain/action-spec.ts'
import { languageOf } from '../render-content/render-mail.ts'
import { TemplateFailedError, type Templates } from '../render-content/templates.ts'
import { templateContextOf } from '../start-actions/template-context.ts'
import type { Contents, StoredContent } from '../store/contents.ts'
import type { Delivery } from '../store/deliveries.ts'
import type { Body } from './webhook-body.ts'

/** Characters that Slack takes. */
const LONGEST_TEXT = 40_000

/** Messages to Slack incoming webhooks: by a template of their own, or a content's subject and body. */
export class SlackBodies {
  constructor(
    private readonly templates: Templates,
    private readonly contents: Contents,
    /** Those who read them are ours: the installation's language. */
    private readonly language: string,
  ) {}

  async of(delivery: Delivery, spec: SlackSpec): Promise<Body> {
    if (spec.content === undefined) return this.#rendered(delivery, spec.text ?? '', null)
    const content = await this.contents.get(spec.content, delivery.contentVersion)
    return content === null
      ? { obstacle: 'content-missing' }
      : this.#rendered(delivery, this.#messageOf(content), content.version)
  }

  #messageOf({ spec }: StoredContent): string {
    const language = languageOf(spec, [this.language, 'en'])
    return `*${spec.subject[language]?.trim()}*\n${spec.body[language]}`
  }

  #rendered(delivery: Delivery, template: string, contentVersion: number | null): Body {
    try {
      const text = this.templates.render('slack', template, templateContextOf(delivery)).trim()
      if (text === '' || text.length > LONGEST_TEXT) return { obstacle: 'template-failed' }
      return { body: JSON.stringify({ text }), contentVersion }
    } catch (fault) {
      if (fault instanceof TemplateFailedError) return { obstacle: 'template-failed' }
      throw fault
    }
  }
}
