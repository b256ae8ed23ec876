// The part of the composition root that keeps playbooks, decides and moves runs.
import { Blueprints } from '@banso/blueprints'
import { Timers, Transactions } from '@banso/messaging'
import { LOGGER, type Logger, openCalendar } from '@banso/platform'
import type { Provider } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { AdvanceRunTimer } from './advance-runs/advance-run.timer.ts'
import { AdvanceRuns } from './advance-runs/advance-runs.ts'
import { MoveRuns } from './advance-runs/move-runs.ts'
import { PlaybookVersions } from './advance-runs/playbook-versions.ts'
import type { PlaybooksConfig } from './config.ts'
import { LocalTime } from './domain/local-time.ts'
import { PlaybooksAtHand } from './domain/playbooks-at-hand.ts'
import { Actions, Controls, FactsOf, Occasions, SettledActions, WaitingRuns } from './domain/ports.ts'
import { PlaybookKindParts } from './keep-playbooks/playbook.kind.ts'
import { PlaybooksController } from './keep-playbooks/playbooks.controller.ts'
import { RunsController } from './read-runs/runs.controller.ts'
import { SchedulePlaybooks } from './schedule-playbooks/schedule-playbooks.ts'
import { ActivePlaybooks } from './start-runs/active-playbooks.ts'
import { EnrolExisting } from './start-runs/enrol-existing.ts'
import { StartRunsHandler } from './start-runs/start-runs.handler.ts'
import { StartRuns } from './start-runs/start-runs.ts'
import { Playbooks } from './store/playbooks.ts'
import { RunReads } from './store/run-reads.ts'
import { Runs } from './store/runs.ts'
import { SecretBox } from './store/secret-box.ts'

export const runControllers = [StartRunsHandler, PlaybooksController, RunsController]

const playbooksOf = (config: PlaybooksConfig, kindParts: PlaybookKindParts): Provider[] => {
  const secrets = new SecretBox(config.BANSO_MASTER_KEY)
  return [
    {
      provide: LocalTime,
      inject: [DataSource],
      useFactory: async (source: DataSource) => new LocalTime((await openCalendar(source, config.BANSO_TIMEZONE)).zone),
    },
    {
      provide: Playbooks,
      inject: [DataSource, Blueprints],
      useFactory: (source: DataSource, blueprints: Blueprints) => new Playbooks(source, blueprints, secrets),
    },
    { provide: PlaybooksAtHand, useExisting: Playbooks },
    {
      provide: PlaybookKindParts,
      inject: [Actions, Playbooks],
      useFactory: (actions: Actions, playbooks: Playbooks) => kindParts.give(actions, playbooks),
    },
    {
      provide: ActivePlaybooks,
      inject: [Playbooks, Transactions, SchedulePlaybooks, LOGGER],
      useFactory: (playbooks: Playbooks, transactions: Transactions, schedule: SchedulePlaybooks, logger: Logger) => {
        const active = new ActivePlaybooks(playbooks, transactions, schedule, logger)
        kindParts.refreshBy(() => active.refreshNowOrSoon())
        return active
      },
    },
  ]
}

const movingOf = (): Provider[] => [
  { provide: Runs, useFactory: () => new Runs() },
  { provide: RunReads, inject: [DataSource], useFactory: (source: DataSource) => new RunReads(source) },
  {
    provide: MoveRuns,
    inject: [Runs, Actions],
    useFactory: (runs: Runs, actions: Actions) => new MoveRuns(runs, actions),
  },
  {
    provide: PlaybookVersions,
    inject: [Playbooks],
    useFactory: (playbooks: Playbooks) => new PlaybookVersions(playbooks),
  },
  {
    provide: AdvanceRuns,
    inject: [Runs, PlaybookVersions, FactsOf, Controls, MoveRuns, LocalTime],
    useFactory: (
      runs: Runs,
      versions: PlaybookVersions,
      facts: FactsOf,
      controls: Controls,
      moves: MoveRuns,
      local: LocalTime,
    ) => new AdvanceRuns(runs, versions, facts, controls, moves, local),
  },
  { provide: SettledActions, useExisting: AdvanceRuns },
  { provide: WaitingRuns, useExisting: AdvanceRuns },
  {
    provide: AdvanceRunTimer,
    inject: [Timers, AdvanceRuns],
    useFactory: (timers: Timers, advance: AdvanceRuns) => new AdvanceRunTimer(timers, advance),
  },
]

const startingOf = (): Provider[] => [
  {
    provide: Occasions,
    inject: [ActivePlaybooks, Runs, FactsOf, Controls, MoveRuns, LocalTime],
    useFactory: (
      active: ActivePlaybooks,
      runs: Runs,
      facts: FactsOf,
      controls: Controls,
      moves: MoveRuns,
      local: LocalTime,
    ) => new StartRuns(active, runs, facts, controls, moves, local),
  },
  {
    provide: EnrolExisting,
    inject: [Timers, Transactions, ActivePlaybooks, Playbooks, FactsOf, Controls, Occasions, LOGGER],
    useFactory: (...[timers, transactions, active, store, facts, controls, occasions, logger]: EnrolParts) =>
      new EnrolExisting(timers, transactions, active, store, { facts, controls, occasions }, logger),
  },
]

type EnrolParts = [Timers, Transactions, ActivePlaybooks, Playbooks, FactsOf, Controls, Occasions, Logger]

/** Keeps playbooks, decides and moves runs; needs Actions, FactsOf, Controls and SchedulePlaybooks beside it. */
export const runProviders = (config: PlaybooksConfig, kindParts: PlaybookKindParts): Provider[] => [
  ...playbooksOf(config, kindParts),
  ...movingOf(),
  ...startingOf(),
]
