// `npm run bench -- fold`: how fast health folds usage, against the least that it could cost; and whether an event costs
// more CPU the more accounts there are. The same events of the same number of active accounts at every size.
import { openUsageFloor, runUsageFloor, usesIn } from './floors/usage-upsert.ts'
import { grewBy } from './growth.ts'
import { HealthAlone } from './health-alone.ts'
import { type Mark, median, paceOf, rounded, spreadOf, sum } from './pace.ts'
import { sumOf } from './progress.ts'
import { UsageStream } from './usage-stream.ts'

export interface FoldOptions {
  readonly kafka: boolean
  /** Accounts that are known, in growing numbers. */
  readonly sizes: readonly number[]
  /** Events of a round. */
  readonly events: number
  readonly rounds: number
  readonly portBase: number
  readonly say: (line: string) => void
}

export interface FoldAtSize {
  accounts: number
  /** Medians of the rounds: events per second. */
  foldPerSecond: number
  floorPerSecond: number
  /** Of fold to floor, round by round; its median. */
  ratio: number
  /** Median of the rounds: milliseconds of CPU per event, of health and its stores. */
  cpuMsPerEvent: number
  cpuMsByProcess: Record<string, number>
  /** Records of one transaction, in both. */
  batch: number
}

export interface FoldResult {
  log: 'kafka' | 'embedded'
  events: number
  rounds: number
  activeAccounts: number
  sizes: FoldAtSize[]
  /** The least of all sizes. */
  ratio: number
  /** Of the CPU per event over the sizes. */
  cpuSpread: number
  /** Events of all measured rounds: put into the log, by how much the ends of the topic grew, folded by health and by its floor. */
  accepted: number
  appended: number
  folded: number
  floorFolded: number
  kept: boolean
}

/** Events of a round; fewer are over before either side is warm, and nothing is promised of their speed. */
const JUDGED_FROM = 50_000
const LEAST_RATIO = 0.5
const MOST_SPREAD = 0.15
/** Share of a round that warms both up and is not measured. */
const WARM_UP = 0.25

interface Counts {
  readonly accepted: number
  readonly appended: number
  readonly folded: number
  readonly floorFolded: number
}

interface Round {
  readonly fold: readonly Mark[]
  readonly floor: readonly Mark[]
  readonly batch: number
  readonly counts: Counts
}

interface Course {
  readonly health: HealthAlone
  readonly stream: UsageStream
  readonly options: FoldOptions
  /** Accounts known so far. */
  known: number
}

/** As many as the smallest size has, spread evenly over those known. */
const activeAmong = (known: number, { sizes }: FoldOptions): number[] => {
  const count = Math.min(...sizes)
  return Array.from({ length: count }, (_, index) => Math.floor((index * known) / count))
}

const grow = async (course: Course, accounts: number): Promise<void> => {
  const before = sumOf(await course.health.ends())
  await course.stream.introduce(course.known, accounts)
  course.known = accounts
  await course.health.catchUp(before)
  await course.health.tidyUp()
}

const roundOf = async ({ health, stream, options, known }: Course, name: string): Promise<Round> => {
  const [from, before] = [await health.ends(), await health.uses()]
  const floor = await openUsageFloor(health.databaseUrl)
  try {
    await health.stop()
    await stream.burst({ accounts: activeAmong(known, options), events: options.events, round: name })
    const to = await health.ends()
    const { marks, batch } = await health.fold(sumOf(from))
    const floorMarks = await runUsageFloor(floor, health.source, { from, to, batch })
    const counts = {
      accepted: options.events,
      appended: sumOf(to) - sumOf(from),
      folded: (await health.uses()) - before,
      floorFolded: (await usesIn(floor, 'floor_fact')) - before,
    }
    return { fold: marks, floor: floorMarks, batch, counts }
  } finally {
    await floor.end()
  }
}

const atSize = (accounts: number, rounds: readonly Round[], events: number): FoldAtSize => {
  const paces = rounds.map(({ fold, floor }) => ({
    fold: paceOf(fold, events * WARM_UP),
    floor: paceOf(floor, events * WARM_UP),
  }))
  const processes = Object.keys(paces[0]?.fold.cpuMs ?? {})
  const cpuOf = (name: string): number => median(paces.map(({ fold }) => fold.cpuMs[name] ?? Number.NaN))
  const cpuOfAll = paces.map(({ fold }) => Object.values(fold.cpuMs).reduce((all, ms) => all + ms, 0))
  return {
    accounts,
    foldPerSecond: Math.round(median(paces.map(({ fold }) => fold.perSecond))),
    floorPerSecond: Math.round(median(paces.map(({ floor }) => floor.perSecond))),
    ratio: rounded(median(paces.map(({ fold, floor }) => fold.perSecond / floor.perSecond))),
    cpuMsPerEvent: rounded(median(cpuOfAll)),
    cpuMsByProcess: Object.fromEntries(processes.map((name) => [name, rounded(cpuOf(name))])),
    batch: Math.round(median(rounds.map(({ batch }) => batch))),
  }
}

const measure = async (course: Course): Promise<{ sizes: FoldAtSize[]; counts: Counts }> => {
  const { sizes, rounds, events, say } = course.options
  const measured: FoldAtSize[] = []
  const counted: Counts[] = []
  for (const accounts of sizes.toSorted((a, b) => a - b)) {
    await grow(course, accounts)
    // A broker that has just started costs an event several times what it does later.
    if (measured.length === 0 && events >= JUDGED_FROM) await roundOf(course, 'warm-up')
    const done: Round[] = []
    for (let round = 0; round < rounds; round += 1) done.push(await roundOf(course, `${accounts} ${round}`))
    const found = atSize(accounts, done, events)
    measured.push(found)
    counted.push(...done.map(({ counts }) => counts))
    say(
      `${accounts} accounts: ${found.foldPerSecond} events/s, floor ${found.floorPerSecond}, CPU ${found.cpuMsPerEvent} ms`,
    )
  }
  const countOf = (name: keyof Counts): number => sum(counted.map((counts) => counts[name]))
  const [accepted, appended] = [countOf('accepted'), countOf('appended')]
  const [folded, floorFolded] = [countOf('folded'), countOf('floorFolded')]
  return { sizes: measured, counts: { accepted, appended, folded, floorFolded } }
}

/** Whether the log has all of it, and both have folded all that the log has; says what is wrong where not. */
const isWhole = ({ accepted, appended, folded, floorFolded }: Counts, say: FoldOptions['say']): boolean => {
  const bothFolded = folded === appended && floorFolded === appended
  if (!bothFolded) say(`the topic grew by ${appended} events: health has folded ${folded}, its floor ${floorFolded}`)
  return grewBy(accepted, appended, say) && bothFolded
}

export const runFold = async (options: FoldOptions): Promise<FoldResult> => {
  const health = await HealthAlone.open(options)
  try {
    const { sizes, counts } = await measure({ health, stream: new UsageStream(health.log), options, known: 0 })
    const ratio = Math.min(...sizes.map((size) => size.ratio))
    const cpuSpread = rounded(spreadOf(sizes.map(({ cpuMsPerEvent }) => cpuMsPerEvent)))
    const isFast = ratio >= LEAST_RATIO && cpuSpread <= MOST_SPREAD
    return {
      log: options.kafka ? 'kafka' : 'embedded',
      events: options.events,
      rounds: options.rounds,
      activeAccounts: Math.min(...options.sizes),
      sizes,
      ratio,
      cpuSpread,
      ...counts,
      kept: isWhole(counts, options.say) && (options.events < JUDGED_FROM || isFast),
    }
  } finally {
    await health.close()
  }
}
