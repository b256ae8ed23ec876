// Of one service: what it has still to do, and what it gave up.
import { listAt, numberAt, textAt } from '../json.ts'
import { type Finding, when } from './finding.ts'
import type { ServiceFacts } from './service-facts.ts'

/** Records; at 2,000 a second, five seconds' worth. */
const MOST_LAG = 10_000
const MOST_OUTBOX_SECONDS = 30

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const judgeGroup = (place: string, group: unknown): readonly Finding[] => {
  const name = textAt(group, 'group') ?? ''
  const [lag, parked, dead] = ['lag', 'parked', 'dead'].map((path) => numberAt(group, path) ?? 0)
  return [
    ...when(textAt(group, 'state') === 'stopped', () => ({
      code: 'GROUP_STOPPED',
      place,
      what: `${name} is stopped: ${textAt(group, 'reason')}`,
      cure: `its log or its database is not the one it knew. When you know why: banso resume ${place} --at progress (or start, end); docs/operate/backup.md says which`,
    })),
    ...when((lag ?? 0) > MOST_LAG, () => ({
      code: 'LAG',
      place,
      what: `${name} is ${counted(lag ?? 0, 'record')} behind the log`,
      cure: 'look again (banso status): where it falls, wait; where it grows, its machine or its database is too slow, or its log says what holds it',
    })),
    ...when((parked ?? 0) > 0, () => ({
      code: 'PARKED',
      place,
      what: `${name} has parked ${counted(parked ?? 0, 'message')}`,
      cure: 'they are tried again by themselves, 20 times within about 15 minutes, and then are dead; its log says why they fail',
    })),
    ...when((dead ?? 0) > 0, () => ({
      code: 'DEAD',
      place,
      what: `${name} has given up ${counted(dead ?? 0, 'message')}`,
      cure: `banso dead list ${place} tells why; when that is mended: banso dead replay ${place} --all`,
    })),
  ]
}

const judgeOutbox = (place: string, status: unknown): readonly Finding[] => {
  const [rows, seconds] = [numberAt(status, 'outbox.rows') ?? 0, numberAt(status, 'outbox.oldestSeconds') ?? 0]
  const behind = textAt(status, 'outbox.state') === 'behind'
  return [
    ...when(behind, () => ({
      code: 'OUTBOX_BEHIND',
      place,
      what: `its outbox sends nothing: ${textAt(status, 'outbox.reason')}`,
      cure: `its database was restored, the log was not. When that is meant: banso resume ${place} --at progress`,
    })),
    ...when(!behind && seconds > MOST_OUTBOX_SECONDS, () => ({
      code: 'OUTBOX_OLD',
      place,
      what: `${counted(rows, 'event')} wait to be sent, the oldest for ${Math.round(seconds)} s`,
      cure: 'the log does not take them, or too slowly: see what is said of the log, and the end of the service’s log',
    })),
  ]
}

export const judgeWork = ({ service: place, status, spooled }: ServiceFacts): readonly Finding[] => [
  ...listAt(status, 'groups').flatMap((group) => judgeGroup(place, group)),
  ...judgeOutbox(place, status),
  ...when((spooled ?? 0) > 0, () => ({
    code: 'SPOOL',
    place,
    what: `${counted(spooled ?? 0, 'accepted event')} are in the spool of its database`,
    cure: 'the log was away or slow; they are sent on by themselves when it is back. See what is said of the log, and watch the disk',
  })),
]
