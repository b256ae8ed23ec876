// A journey as its blueprint says it: stages in order, what leads from one to the next and back, milestones on the way.
import Type from 'typebox'

const closed = { additionalProperties: false } as const

const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' })
const Text = Type.String({ minLength: 1, maxLength: 200 })
const Title = Type.Object({ en: Text, ja: Text }, closed)
/** Days: `P30D`. */
const Days = Type.String({ pattern: '^P[1-9][0-9]{0,3}D$' })
const Share = Type.Number({ exclusiveMinimum: 0, maximum: 1 })
const Points = Type.Number({ minimum: 0, maximum: 100 })

/** The most users that an activation can ask for. */
export const MOST_USERS = 20

/** Different tracked names, used by different people. Reached once, reached for ever. */
const Activation = Type.Object(
  {
    /** Only these names count; without them, every tracked name. */
    keyEvents: Type.Optional(Type.Array(Text, { minItems: 1, maxItems: 100, uniqueItems: true })),
    distinct: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    users: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_USERS })),
  },
  closed,
)
export type Activation = Type.Static<typeof Activation>

/** Bounds of the four criteria: use of what is paid for, breadth, trend, experience. */
const ExpansionReady = Type.Object(
  {
    /** Active users of the seats; or else of the plan's limit. */
    shareAtLeast: Type.Optional(Share),
    planLimitAtLeast: Type.Optional(Share),
    weeks: Type.Optional(
      Type.Object(
        { met: Type.Integer({ minimum: 1, maximum: 8 }), of: Type.Integer({ minimum: 1, maximum: 8 }) },
        closed,
      ),
    ),
    breadthRankAtLeast: Type.Optional(Points),
    /** Without peers. */
    breadthScoreAtLeast: Type.Optional(Points),
    trendAtLeast: Type.Optional(Type.Number()),
    experienceAtLeast: Type.Optional(Points),
  },
  closed,
)
export type ExpansionReady = Type.Static<typeof ExpansionReady>

const Rule = Type.Union([
  Type.Object({ activation: Activation }, closed),
  Type.Object({ 'expansion-ready': ExpansionReady }, closed),
  Type.Object({ condition: Type.String({ minLength: 1, maxLength: 2_000 }) }, closed),
  /** All of them are reached. */
  Type.Object({ milestones: Type.Array(Name, { minItems: 1, maxItems: 20, uniqueItems: true }) }, closed),
])
export type Rule = Type.Static<typeof Rule>

const durations = {
  /** Counted from the day on which the stage was entered. */
  expected: Type.Optional(Days),
  longest: Type.Optional(Days),
}

const Milestone = Type.Object(
  {
    name: Name,
    title: Title,
    ...durations,
    /** Without it a person says when it is reached. */
    when: Type.Optional(Rule),
  },
  closed,
)
export type Milestone = Type.Static<typeof Milestone>

const Stage = Type.Object(
  {
    name: Name,
    title: Title,
    ...durations,
    /** Flagged as stalled after so long. */
    stalledAfter: Type.Optional(Days),
    milestones: Type.Optional(Type.Array(Milestone, { maxItems: 20 })),
    /** What leads to the next stage. */
    next: Type.Optional(Rule),
    /** Back to the stage before, when this many of the criteria that led here have failed for so long. */
    back: Type.Optional(
      Type.Object(
        {
          failing: Type.Integer({ minimum: 1, maximum: 4 }),
          for: Type.String({ pattern: '^P([1-9]|[1-4][0-9]|5[0-6])D$' }),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type Stage = Type.Static<typeof Stage>

export const JourneySpec = Type.Object(
  {
    /** Flagged as dormant when nobody used the product for so long. */
    dormantAfter: Days,
    /** The group traits that say how many seats are paid for, and how many users the plan allows. */
    limits: Type.Optional(Type.Object({ seats: Type.Optional(Text), planLimit: Type.Optional(Text) }, closed)),
    stages: Type.Array(Stage, { minItems: 1, maxItems: 20 }),
  },
  closed,
)
export type JourneySpec = Type.Static<typeof JourneySpec>

/** A version of a journey; accounts stay on the one that they started with. */
export interface Journey {
  readonly name: string
  readonly version: number
  readonly spec: JourneySpec
}

/** What a rule's findings are kept under. */
export const keyOf = (rule: object): string => JSON.stringify(rule)

export const milestonesOf = ({ stages }: JourneySpec): Milestone[] =>
  stages.flatMap(({ milestones }) => milestones ?? [])

/** Every rule that a journey asks, each once. */
export const rulesOf = (spec: JourneySpec): Rule[] => {
  const next = spec.stages.flatMap((stage) => (stage.next ? [stage.next] : []))
  const all = [...next, ...milestonesOf(spec).flatMap(({ when }) => (when ? [when] : []))]
  return [...new Map(all.map((rule) => [keyOf(rule), rule])).values()]
}

/** What leads back from a stage: criteria of the rule that led to it. */
export interface Way {
  readonly criteria: ExpansionReady
  readonly failing: number
  readonly for: string
}

export const wayBackOf = ({ stages }: JourneySpec, index: number): Way | null => {
  const back = stages[index]?.back
  const led = stages[index - 1]?.next
  return back && led && 'expansion-ready' in led ? { ...back, criteria: led['expansion-ready'] } : null
}

export const waysBackOf = (spec: JourneySpec): Way[] => spec.stages.flatMap((_, index) => wayBackOf(spec, index) ?? [])
