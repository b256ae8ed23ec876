import type { TaskSpec } from '../domain/action-spec.ts'
import type { Obstacle } from '../domain/delivery.ts'
import { headerLine, tidy } from '../render-content/mail-text.ts'
import { renderMail } from '../render-content/render-mail.ts'
import { TemplateFailedError, type Templates } from '../render-content/templates.ts'
import { templateContextOf } from '../start-actions/template-context.ts'
import type { Contents } from '../store/contents.ts'
import type { Delivery } from '../store/deliveries.ts'

export interface TaskText {
  readonly title: string
  readonly note: string | null
  readonly contentVersion: number | null
}

/** What tasks say: templates of their own, or a content, whose subject is the title and whose body is the note. */
export class TaskTexts {
  constructor(
    private readonly templates: Templates,
    private readonly contents: Contents,
    /** Those who read them are ours: the installation's language, unless the task names one. */
    private readonly language: string,
  ) {}

  async of(delivery: Delivery, spec: TaskSpec): Promise<TaskText | { readonly obstacle: Obstacle }> {
    try {
      return spec.content === undefined
        ? this.#own(delivery, spec)
        : await this.#byContent(delivery, spec, spec.content)
    } catch (fault) {
      if (fault instanceof TemplateFailedError) return { obstacle: 'template-failed' }
      throw fault
    }
  }

  #own(delivery: Delivery, { title = '', note }: TaskSpec): TaskText {
    const context = templateContextOf(delivery)
    return {
      title: headerLine(this.templates.render('text', title, context)),
      note: note === undefined ? null : tidy(this.templates.render('text', note, context)),
      contentVersion: null,
    }
  }

  async #byContent(delivery: Delivery, { language }: TaskSpec, name: string) {
    const content = await this.contents.get(name, delivery.contentVersion)
    if (content === null) return { obstacle: 'content-missing' } as const
    const wanted = [language, this.language, 'en']
    const { subject, text } = renderMail(this.templates, content.spec, wanted, templateContextOf(delivery))
    return { title: subject, note: text, contentVersion: content.version }
  }
}
