import type { Blueprint, BlueprintFault } from '@banso/blueprints'
import { compileCondition } from '@banso/conditions'
import { daysOf } from '../domain/day.ts'
import { type JourneySpec, type Milestone, milestonesOf, type Rule, type Stage } from '../domain/journey.ts'

type Faults = readonly BlueprintFault[]

/** What is wrong with a journey that its schema cannot say. */
export const journeyFaults = ({ spec }: Blueprint<JourneySpec>): Faults => {
  const last = spec.stages.length - 1
  return [
    ...doubles(spec),
    ...spec.stages.flatMap((stage, index) => {
      const pointer = `/spec/stages/${index}`
      return [
        ...durationFaults(stage, pointer),
        ...nextFaults(stage, index === last, pointer),
        ...backFaults(stage, spec.stages[index - 1], pointer),
        ...(stage.next ? ruleFaults(stage.next, spec, `${pointer}/next`) : []),
        ...(stage.milestones ?? []).flatMap((milestone, place) =>
          milestoneFaults(milestone, spec, `${pointer}/milestones/${place}`),
        ),
      ]
    }),
  ]
}

const doubles = (spec: JourneySpec): Faults => [
  ...twice(spec.stages).map((name) => ({ pointer: '/spec/stages', message: `the stage ${name} is there twice` })),
  ...twice(milestonesOf(spec)).map((name) => ({
    pointer: '/spec/stages',
    message: `the milestone ${name} is there twice`,
  })),
]

const twice = (named: readonly { readonly name: string }[]): string[] => {
  const names = named.map(({ name }) => name)
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}

const durationFaults = ({ expected, longest }: Stage | Milestone, pointer: string): Faults =>
  expected !== undefined && longest !== undefined && daysOf(expected) > daysOf(longest)
    ? [{ pointer: `${pointer}/expected`, message: 'it must not be above the longest duration' }]
    : []

const nextFaults = ({ next }: Stage, isLast: boolean, pointer: string): Faults => {
  if (isLast && next) return [{ pointer: `${pointer}/next`, message: 'nothing follows the last stage' }]
  if (!isLast && !next) return [{ pointer, message: 'what leads to the next stage (next) is missing' }]
  return []
}

const backFaults = ({ back }: Stage, before: Stage | undefined, pointer: string): Faults =>
  back && !(before?.next && 'expansion-ready' in before.next)
    ? [{ pointer: `${pointer}/back`, message: 'a way back needs a stage before it that ends by expansion-ready' }]
    : []

const milestoneFaults = (milestone: Milestone, spec: JourneySpec, pointer: string): Faults => [
  ...durationFaults(milestone, pointer),
  ...(milestone.when ? ruleFaults(milestone.when, spec, `${pointer}/when`) : []),
  ...(milestone.when && 'milestones' in milestone.when ? nestingFaults(milestone.when, spec, pointer) : []),
]

const ruleFaults = (rule: Rule, spec: JourneySpec, pointer: string): Faults => {
  if ('condition' in rule) return conditionFaults(rule.condition, `${pointer}/condition`)
  if ('milestones' in rule) {
    const known = new Set(milestonesOf(spec).map(({ name }) => name))
    return rule.milestones.flatMap((name, index) =>
      known.has(name) ? [] : [{ pointer: `${pointer}/milestones/${index}`, message: `there is no milestone ${name}` }],
    )
  }
  const weeks = 'expansion-ready' in rule ? rule['expansion-ready'].weeks : undefined
  if (weeks && weeks.met > weeks.of)
    return [{ pointer: `${pointer}/expansion-ready/weeks/met`, message: 'it must not be above the number of weeks' }]
  return []
}

const nestingFaults = (
  rule: { readonly milestones: readonly string[] },
  spec: JourneySpec,
  pointer: string,
): Faults => {
  const composed = new Set(milestonesOf(spec).flatMap(({ name, when }) => (when && 'milestones' in when ? [name] : [])))
  return rule.milestones.flatMap((name, index) =>
    composed.has(name)
      ? [
          {
            pointer: `${pointer}/when/milestones/${index}`,
            message: `${name} consists of milestones itself: name those`,
          },
        ]
      : [],
  )
}

const conditionFaults = (source: string, pointer: string): Faults => {
  const compiled = compileCondition(source, 'account')
  if ('faults' in compiled) return compiled.faults.map((fault) => ({ ...fault, pointer }))
  return compiled.condition.paths.some((path) => path === 'tickets' || path.startsWith('tickets.'))
    ? [{ pointer, message: 'journeys know nothing of tickets: ask health instead', line: 1, column: 1 }]
    : []
}
