// The part of the composition root that keeps facts, controls and schedules, and explains.
import { EVENT_LOG, type EventLog, Timers, Transactions } from '@banso/messaging'
import { Clock } from '@banso/platform'
import type { Provider } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { ActionTimers } from './control-playbooks/action-timers.ts'
import { ControlPlaybooks } from './control-playbooks/control-playbooks.ts'
import { ControlPlaybooksController } from './control-playbooks/control-playbooks.controller.ts'
import { ResumeRuns } from './control-playbooks/resume-runs.timer.ts'
import { LocalTime } from './domain/local-time.ts'
import { PlaybooksAtHand } from './domain/playbooks-at-hand.ts'
import { Controls, FactsOf, Occasions, WaitingRuns } from './domain/ports.ts'
import { ExplainPlaybooks } from './explain-playbooks/explain-playbooks.ts'
import { ExplainPlaybooksController } from './explain-playbooks/explain-playbooks.controller.ts'
import { DayPasses } from './fold-facts/day-passes.timer.ts'
import { FoldFactsHandler } from './fold-facts/fold-facts.handler.ts'
import { FireSchedules } from './schedule-playbooks/fire-schedules.timer.ts'
import { OfferAccounts } from './schedule-playbooks/offer-accounts.ts'
import { SchedulePlaybooks } from './schedule-playbooks/schedule-playbooks.ts'
import { AccountFactsOf } from './store/account-facts-of.ts'
import { PlaybookControls } from './store/controls.ts'
import { RunHistory } from './store/run-history.ts'
import { Runs } from './store/runs.ts'
import { Schedules } from './store/schedules.ts'

export const factControllers = [FoldFactsHandler, ControlPlaybooksController, ExplainPlaybooksController]

const storesOf = (): Provider[] => [
  { provide: FactsOf, inject: [LocalTime], useFactory: (local: LocalTime) => new AccountFactsOf(local) },
  { provide: PlaybookControls, useFactory: () => new PlaybookControls() },
  { provide: Controls, useExisting: PlaybookControls },
  { provide: Schedules, useFactory: () => new Schedules() },
  {
    provide: DayPasses,
    inject: [DataSource, Transactions, Timers, WaitingRuns, LocalTime],
    useFactory: (...parts: ConstructorParameters<typeof DayPasses>) => new DayPasses(...parts),
  },
]

const controlsOf = (): Provider[] => [
  {
    provide: ActionTimers,
    inject: [Timers, DataSource],
    useFactory: (timers: Timers, database: DataSource) => new ActionTimers(timers, database),
  },
  {
    provide: ControlPlaybooks,
    inject: [Transactions, PlaybookControls, PlaybooksAtHand],
    useFactory: (transactions: Transactions, controls: PlaybookControls, playbooks: PlaybooksAtHand) =>
      new ControlPlaybooks(transactions, controls, playbooks),
  },
  {
    provide: ResumeRuns,
    inject: [Timers, WaitingRuns],
    useFactory: (timers: Timers, waiting: WaitingRuns) => new ResumeRuns(timers, waiting),
  },
]

type OfferParts = ConstructorParameters<typeof OfferAccounts>
type FireParts = [
  DataSource,
  EventLog,
  Transactions,
  Timers,
  Clock,
  LocalTime,
  PlaybooksAtHand,
  Schedules,
  SchedulePlaybooks,
  OfferAccounts,
]

const schedulesOf = (): Provider[] => [
  {
    provide: SchedulePlaybooks,
    inject: [Schedules, LocalTime],
    useFactory: (schedules: Schedules, local: LocalTime) => new SchedulePlaybooks(schedules, local),
  },
  {
    provide: OfferAccounts,
    inject: [DataSource, Transactions, Schedules, FactsOf, Occasions, LocalTime],
    useFactory: (...parts: OfferParts) => new OfferAccounts(...parts),
  },
  {
    provide: FireSchedules,
    inject: [
      DataSource,
      EVENT_LOG,
      Transactions,
      Timers,
      Clock,
      LocalTime,
      PlaybooksAtHand,
      Schedules,
      SchedulePlaybooks,
      OfferAccounts,
    ],
    useFactory: (...parts: FireParts) => {
      const [database, log, transactions, timers, clock, local, playbooks, schedules, schedule, accounts] = parts
      const by = { database, log, transactions, timers, clock, local, playbooks, schedules, schedule, accounts }
      return new FireSchedules(by)
    },
  },
]

type ExplainInput = [DataSource, PlaybooksAtHand, FactsOf, PlaybookControls, Runs, LocalTime]

const explainingOf = (): Provider[] => [
  {
    provide: ExplainPlaybooks,
    inject: [DataSource, PlaybooksAtHand, FactsOf, PlaybookControls, Runs, LocalTime],
    useFactory: (...[database, playbooks, facts, controls, runs, local]: ExplainInput) =>
      new ExplainPlaybooks({ database, playbooks, facts, controls, runs, history: new RunHistory(), local }),
  },
]

/** Keeps facts, controls and schedules; needs LocalTime, PlaybooksAtHand, Occasions, WaitingRuns and Runs beside it. */
export const factProviders = (): Provider[] => [...storesOf(), ...controlsOf(), ...schedulesOf(), ...explainingOf()]
