// Five accounts, four months, and what Banso makes of them: told in at most a minute.
import { randomBytes } from 'node:crypto'
import { isIdle } from '../drive/operations.ts'
import { seeded } from '../drive/random.ts'
import { until } from '../drive/wait.ts'
import { services } from '../local/secrets.ts'
import { castAt } from './cast/cast.ts'
import { FIRST_DAY } from './cast/time.ts'
import type { Installation } from './installation.ts'
import { Look, type Effect, type Score } from './look.ts'
import { type Guest, sendHistory, sendToday } from './send.ts'
import { effectLine, heading, line, scoreLine, scoreLines, stageLines, whyLines } from './story.ts'
import { wire, type Wired } from './wiring.ts'

export interface Told {
  readonly title: string
  readonly externalId: string
  readonly accountId: string
  readonly before: Score | undefined
  readonly after: Score | undefined
  readonly stage: string | undefined
  readonly effects: readonly Effect[]
  readonly why: readonly string[]
}

export interface DemoResult {
  readonly events: number
  /** Effects that history alone had; there must be none. */
  readonly firedByHistory: number
  readonly seconds: number
  readonly told: readonly Told[]
}

type Say = (line: string) => void

const READ_WITHIN_MS = 40_000
const IDLE_WITHIN_MS = 8_000
const DAY_MS = 86_400_000

interface Present extends Guest {
  readonly accountId: string
}

/** Resolves when health has counted what was sent and, unless others keep them busy, every service has read it. */
const settled = async ({ api }: Wired, look: Look, guests: readonly Present[], now: Date): Promise<void> => {
  const from = new Date(now.getTime() - (FIRST_DAY + 1) * DAY_MS)
  for (const { accountId, externalId, member } of guests)
    await until(`all uses of ${externalId} to be counted`, READ_WITHIN_MS, async () => {
      const counted = await look.counted(accountId, from)
      return counted >= member.history.uses.length || undefined
    })
  await until('every service to be idle', IDLE_WITHIN_MS, async () => (await isIdle(api, services)) || undefined).catch(
    () => undefined,
  )
}

const effectsSoFar = async (look: Look, guests: readonly Present[]): Promise<number> => {
  const runs = await Promise.all(guests.map(({ accountId }) => look.runs(accountId)))
  return runs.flat().filter(({ state }) => state !== 'held-back').length
}

const tellQuiet = async (look: Look, guest: Present, say: Say): Promise<Told> => {
  const { accountId, externalId, member } = guest
  const [before, journey] = await Promise.all([look.score(accountId), look.journey(accountId)])
  for (const text of [...scoreLines('score', before), ...stageLines(journey)]) say(text)
  const why: string[] = []
  for (const playbook of member.asks ?? []) {
    const text = await look.why(accountId, playbook)
    why.push(...text)
    for (const one of whyLines(externalId, playbook, text)) say(one)
  }
  const { title } = member
  return { title, externalId, accountId, before, after: before, stage: journey?.stage, effects: [], why }
}

const tellActing = async (wired: Wired, look: Look, guest: Present, told: Told, say: Say): Promise<Told> => {
  const { today } = guest.member
  if (!today) return told
  say(line('now', today.story))
  const since = Date.now()
  await sendToday(wired, guest)
  const effects: Effect[] = []
  for (const expected of today.effects) {
    const effect = await look.effect(guest.accountId, expected)
    effects.push(effect)
    say(effectLine(effect, since))
  }
  const [after, journey] = await Promise.all([look.score(guest.accountId), look.journey(guest.accountId)])
  if (after) say(line('score', `now ${scoreLine(after)}`))
  if (today.outlook) say(line('next', today.outlook))
  return { ...told, after, stage: journey?.stage, effects }
}

const tell = async (wired: Wired, look: Look, guest: Present, say: Say): Promise<Told> => {
  const { member, externalId } = guest
  say(heading(member.name, externalId, member.title))
  say(line('months', member.story))
  return tellActing(wired, look, guest, await tellQuiet(look, guest, say), say)
}

const play = async (wired: Wired, say: Say, began: number): Promise<DemoResult> => {
  const look = new Look(wired)
  const now = new Date()
  const run = randomBytes(2).toString('hex')
  const guests = castAt({ now, random: seeded(1) }).map((member) => ({ member, externalId: `${member.slug}-${run}` }))
  const events = await sendHistory(wired, guests)
  say(`${events} events of four months are sent, of ${guests.length} accounts.`)
  const present = await Promise.all(
    guests.map(async (guest) => ({ ...guest, accountId: await look.accountId(guest.externalId) })),
  )
  await settled(wired, look, present, now)
  const firedByHistory = await effectsSoFar(look, present)
  say(`They are scored, and history alone has set off ${firedByHistory === 0 ? 'nothing' : `${firedByHistory} runs`}.`)
  const told: Told[] = []
  for (const guest of present) told.push(await tell(wired, look, guest, say))
  const seconds = Math.round((Date.now() - began) / 100) / 10
  const last = told.at(-1)?.externalId
  say(`\nTold in ${seconds} s. Look further: npx banso accounts --sort score, npx banso account ${last}`)
  return { events, firedByHistory, seconds, told }
}

export const runDemo = async (installation: Installation, say: Say): Promise<DemoResult> => {
  const began = Date.now()
  const wired = await wire(installation)
  try {
    if (!wired.inbox) say('Mails go to the server of SMTP_URL: the demo cannot see them arrive.')
    return await play(wired, say, began)
  } finally {
    await wired.close()
  }
}
