import { BansoError } from '@banso/platform'
import { type Context, Liquid, LiquidError } from 'liquidjs'

/** What a template becomes: a text as it is, JSON, or Slack's marked-up text. Decides how values are escaped. */
export type TemplateForm = 'text' | 'json' | 'slack'

/** Names that a template may use, and what they stand for. */
export type TemplateContext = Readonly<Record<string, unknown>>

/** What is wrong with a template; line and column count from 1. */
export interface TemplateFault {
  readonly message: string
  readonly line: number
  readonly column: number
}

/** A template could not be rendered. Its message quotes nothing of the template, nor of the values. */
export class TemplateFailedError extends BansoError {
  override readonly code = 'TEMPLATE_FAILED'

  constructor() {
    super('a template could not be rendered within its limits')
  }
}

/** Characters of a template. */
const LONGEST_TEMPLATE = 20_000
/** Characters of what a template becomes. */
export const LONGEST_RENDERED = 65_536
/** What one rendering may make: characters written, elements of lists, in sum. */
const MEMORY_LIMIT = 4 * LONGEST_RENDERED
/** Milliseconds for one rendering. */
const RENDER_LIMIT = 100

const TAGS = 'assign capture case comment for if unless break continue raw #'
const FILTERS = `
  abs append at_least at_most capitalize ceil compact concat date default divided_by downcase escape first floor join
  last minus modulo number_of_words plus prepend remove replace reverse round size slice sort split squish strip times
  truncate truncatewords uniq upcase where`

/** What a template may name; null: its fields vary. */
const ROOTS: ReadonlyMap<string, readonly string[] | null> = new Map([
  ['account', ['id', 'externalId', 'name', 'segment', 'traits']],
  ['health', ['score', 'band', 'outcome', 'experience', 'coverage', 'partial', 'measures']],
  ['journey', ['name', 'stage', 'daysInStage', 'pace', 'stalled', 'dormant', 'atRisk', 'milestones']],
  ['tickets', ['open', 'serious', 'oldestSeriousDays']],
  ['trigger', null],
  ['run', ['id']],
  ['playbook', ['name', 'version']],
  ['step', null],
  ['now', null],
  ['today', null],
])

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const plain = (value: unknown): string => {
  if (typeof value === 'string') return value
  return value === null || value === undefined ? '' : (JSON.stringify(value) ?? '')
}

const escapes: Record<TemplateForm, (text: string) => string> = {
  text: (text) => text,
  json: (text) => JSON.stringify(text).slice(1, -1),
  slack: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
}

const engineOf = (form: TemplateForm, timeZone: string): Liquid => {
  const escape = escapes[form]
  const engine = new Liquid({
    templates: {}, // nothing is read from disk
    ownPropertyOnly: true,
    strictFilters: true,
    parseLimit: LONGEST_TEMPLATE,
    renderLimit: RENDER_LIMIT,
    memoryLimit: MEMORY_LIMIT,
    timezoneOffset: timeZone,
    locale: 'en-US',
    outputEscape(this: { readonly context: Context }, value: unknown) {
      const text = escape(plain(value))
      this.context.memoryLimit.use(text.length)
      return text
    },
  })
  const [tags, filters] = [words(TAGS), words(FILTERS)]
  for (const name of Object.keys(engine.tags)) if (!tags.has(name)) delete engine.tags[name]
  for (const name of Object.keys(engine.filters)) if (!filters.has(name)) delete engine.filters[name]
  if (form === 'json')
    engine.registerFilter('json', { raw: true, handler: (value: unknown) => JSON.stringify(value ?? null) })
  return engine
}

/**
 * Liquid, bounded: no files, a closed list of tags and filters, limits on parse, render and memory. Dates are shown in
 * the installation's time zone.
 */
export class Templates {
  readonly #engines: Readonly<Record<TemplateForm, Liquid>>

  constructor(timeZone: string) {
    this.#engines = {
      text: engineOf('text', timeZone),
      json: engineOf('json', timeZone),
      slack: engineOf('slack', timeZone),
    }
  }

  /** TemplateFailedError when it cannot be done, or not within the limits. */
  render(form: TemplateForm, source: string, context: TemplateContext): string {
    try {
      const rendered: unknown = this.#engines[form].parseAndRenderSync(source, context)
      if (typeof rendered === 'string' && rendered.length <= LONGEST_RENDERED) return rendered
    } catch {
      // Liquid's errors quote the template and its values; nobody may see them.
    }
    throw new TemplateFailedError()
  }

  /** What is wrong with a template before it is used: its grammar, tags and filters, and names that nothing stands for. */
  faults(form: TemplateForm, source: string): TemplateFault[] {
    const engine = this.#engines[form]
    try {
      const { globals } = engine.analyzeSync(engine.parse(source), { partials: false })
      return Object.values(globals)
        .flat()
        .flatMap(({ segments, location: { row, col } }) => {
          const message = nameFault(segments)
          return message === null ? [] : [{ message, line: row, column: col }]
        })
    } catch (fault) {
      if (!LiquidError.is(fault)) throw fault
      const [line = 1, column = 1] = fault.token.getPosition()
      const message = fault.message.replace(/, line:\d+, col:\d+$/, '')
      return [{ message, line, column }]
    }
  }
}

const nameFault = ([root, field]: readonly unknown[]): string | null => {
  if (typeof root !== 'string') return null
  const known = ROOTS.get(root)
  if (known === undefined) return `nothing is named ${root}; there are ${[...ROOTS.keys()].join(', ')}`
  if (known === null || typeof field !== 'string' || known.includes(field)) return null
  return `${root} has no ${field}; it has ${known.join(', ')}`
}
