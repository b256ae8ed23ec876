import type { HeldBackReason } from '@banso/contracts'
import type { Trigger } from '../document.ts'
import type { HeldNow, TestedNow, WhyNow } from './why-now.ts'
import { type Language, type Words, wordsIn } from './words.ts'

/** A run, or one that was held back, as far as a sentence tells of it. */
export interface RunTold {
  readonly state: 'running' | 'done' | 'goal' | 'exited' | 'failed' | 'held-back'
  /** Why it failed or was held back. */
  readonly reason: string | null
  /** Where it stands while it runs. */
  readonly step: string | null
  readonly decidedAt: Date
}

type Clock = (instant: Date) => string

/** An instant as people of the installation read it: `2026-03-20 09:00`. */
export const clockOf = (zone: string): Clock => {
  const format = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return (instant) => format.format(instant)
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null))

const valuesText = (values: Readonly<Record<string, unknown>>): string =>
  Object.entries(values)
    .map(([path, value]) => `${path} = ${valueText(value)}`)
    .join(', ')

const ruleText = (trigger: Trigger): string =>
  Object.entries(trigger)
    .filter(([field]) => field !== 'on')
    .map(([field, value]) => `${field}: ${Array.isArray(value) ? value.join(', ') : valueText(value)}`)
    .join('; ')

const heldText = (held: HeldNow, words: Words, clock: Clock): string => {
  if (held.reason === 'duplicate') return words.under(held.by)
  if (held.reason === 'cool-down') return words.coolsUntil(clock(new Date(held.until)), held.by)
  if (held.reason === 'serious-ticket') return words.serious(held.serious)
  if (held.reason === 'daily-cap') return words.cap(held.step, held.used, held.cap)
  if (held.reason === 'paused' && held.all) return words.pausedAll
  return words.reason[held.reason]
}

const testText = (what: string, test: TestedNow | null, words: Words): string[] => {
  if (test === null) return []
  const values = valuesText(test.used)
  if (test.verdict === 'occasion-tells') return [words.occasionTells(what)]
  if (test.verdict === 'undecided') return [words.undecided(what, values, test.undecided ?? '')]
  return [test.verdict === 'met' ? words.met(what, values) : words.notMet(what, values)]
}

const isHeldBackReason = (reason: string, words: Words): reason is HeldBackReason => Object.hasOwn(words.reason, reason)

/** What became of an occasion, in a sentence. */
export const tellRun = ({ state, reason, step, decidedAt }: RunTold, language: Language, clock: Clock): string => {
  const words = wordsIn[language]
  const time = clock(decidedAt)
  if (state === 'running') return words.run.running(time, step)
  if (state === 'failed') return words.run.failed(time, reason ?? '')
  if (state !== 'held-back') return words.run[state](time)
  const known = reason !== null && isHeldBackReason(reason, words) ? words.reason[reason] : (reason ?? '')
  return words.run.heldBack(time, known)
}

/** Whether the playbook would run now and what stands in the way, in sentences; the answer first. */
export const tellNow = (why: WhyNow, trigger: Trigger, language: Language, clock: Clock): string[] => {
  const words = wordsIn[language]
  const { outcome, held, alreadyThere, nextDueAt, audience, condition } = why
  const reasons = held.map((one) => heldText(one, words, clock)).join(language === 'ja' ? '、' : '; ')
  const end = language === 'ja' ? '。' : '.'
  return [
    words.outcome[outcome] + (outcome === 'held-back' ? reasons + end : ''),
    words.waitsFor(words.trigger[trigger.on], ruleText(trigger)),
    ...(nextDueAt === null ? [] : [words.dueAt(clock(new Date(nextDueAt)))]),
    ...(alreadyThere ? [words.alreadyThere] : []),
    ...testText(words.of.audience, audience, words),
    ...testText(words.of.condition, condition, words),
  ]
}

/** Said where no occasion ever matched. */
export const tellNever = (language: Language): string => wordsIn[language].never
