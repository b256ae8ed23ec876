import { type Day, type Days, daysOf } from './day.ts'
import { type Facts, type Finding, startOf } from './facts.ts'
import { find, findMilestones, findOnTrack } from './find.ts'
import { type JourneySpec, keyOf, type Stage, wayBackOf } from './journey.ts'
import { pacingOf } from './pacing.ts'
import { type Entry, type Flagged, type JourneyState, type Reached, type Underway, WAITING } from './state.ts'

/**
 * Where an account stands on a day, by what is known of it. A function of all facts: whatever order they came in, and
 * whether late or repeated, the same facts give the same state.
 */
export const derive = (spec: JourneySpec, facts: Facts, day: Day, days: Days): JourneyState => {
  const start = startOf(facts)
  if (start === null) return WAITING
  const reached = findMilestones(spec, facts, start)
  const { entries, index } = entriesOf(spec, facts, reached, start)
  const present = entries.at(-1) ?? entries[0]
  const entered = days.dayOf(new Date(present.at))
  const stage = spec.stages[index]
  const pace = pacingOf({ ...stage, name: present.stage }, entered, day, days, `in ${present.stage}`)
  const open = (stage?.milestones ?? []).filter(({ name }) => reached[name] === undefined)
  const flags = {
    stalled: stalled(stage, present, entered, day, days),
    dormant: dormant(spec, facts, start, day, days),
    'at-risk': atRisk(facts, start),
  }
  return {
    status: flags.dormant.raised ? 'dormant' : 'active',
    day,
    entries,
    pace,
    reached,
    paces: Object.fromEntries(
      open.map((milestone) => [milestone.name, pacingOf(milestone, entered, day, days, `without ${milestone.name}`)]),
    ),
    flags,
  }
}

interface Walked {
  readonly entries: [Entry, ...Entry[]]
  readonly index: number
}

// From stage to stage, as long as something leads on or back.
const entriesOf = (
  spec: JourneySpec,
  facts: Facts,
  reached: Readonly<Record<string, Reached>>,
  start: string,
): Walked => {
  const first: Entry = {
    stage: spec.stages[0]?.name ?? '',
    from: null,
    direction: 'first',
    at: start,
    reason: 'the journey began',
    values: {},
    evidence: facts.usage.first?.at === start ? [facts.usage.first.id] : [],
  }
  const entries: [Entry, ...Entry[]] = [first]
  for (let index = 0, present = first; ;) {
    const step = stepFrom(spec, facts, reached, index, present)
    const to = step && spec.stages[index + step.by]
    if (!step || !to) return { entries, index }
    const direction = step.by > 0 ? 'forward' : 'back'
    present = { ...step.finding, stage: to.name, from: present.stage, direction }
    index += step.by
    entries.push(present)
  }
}

interface Step {
  readonly by: 1 | -1
  readonly finding: Finding
}

// Who came back goes on when what leads on holds anew, and goes back only by what was not so when the stage was entered.
const stepFrom = (
  spec: JourneySpec,
  facts: Facts,
  reached: Readonly<Record<string, Reached>>,
  index: number,
  { at, direction }: Entry,
): Step | null => {
  const next = spec.stages[index]?.next
  const way = wayBackOf(spec, index)
  const on = next ? find(next, facts, reached, { at, how: direction === 'back' ? 'turning' : 'standing' }) : null
  const back = way ? findOnTrack(facts.tracks[keyOf(way)] ?? [], { at, how: 'turning' }) : null
  if (back !== null && (on === null || back.at <= on.at)) return { by: -1, finding: back }
  return on && { by: 1, finding: on }
}

const stalled = (stage: Stage | undefined, present: Entry, entered: Day, day: Day, days: Days): Flagged => {
  const after = stage?.stalledAfter === undefined ? null : daysOf(stage.stalledAfter)
  const daysInStage = day - entered
  if (after === null || daysInStage < after)
    return { raised: false, at: present.at, reason: `moved on to ${present.stage}`, values: {} }
  return {
    raised: true,
    at: days.startOf(entered + after).toISOString(),
    reason: `${daysInStage} days in ${present.stage} without moving on`,
    values: { daysInStage, stalledAfterDays: after },
  }
}

const dormant = (spec: JourneySpec, { usage }: Facts, start: string, day: Day, days: Days): Flagged => {
  const last = usage.last?.at ?? start
  const used = days.dayOf(new Date(last))
  const daysSilent = day - used
  const after = daysOf(spec.dormantAfter)
  if (daysSilent < after) return { raised: false, at: last, reason: 'used again', values: {} }
  return {
    raised: true,
    at: days.startOf(used + after).toISOString(),
    reason: `no use for ${daysSilent} days`,
    values: { daysSilent },
  }
}

const atRisk = ({ health }: Facts, start: string): Flagged => {
  const { band = null, score = null, scoredAt = start, alwaysRed = false, anew } = health ?? {}
  const raised = band === 'red'
  const first = raised ? alwaysRed : (anew?.neverRed ?? false)
  const reason = raised ? 'health is red' : 'health is no longer red'
  return { raised, at: scoredAt, reason, values: { band, score }, ...(first && { first }) }
}

/** Stage and days in it, for what asks about the present. */
export const daysInStage = (state: Underway, days: Days): number =>
  state.day - days.dayOf(new Date((state.entries.at(-1) ?? state.entries[0]).at))
