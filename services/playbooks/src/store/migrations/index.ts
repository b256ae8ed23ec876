import { CreatePlaybooks1795356000200 } from './1795356000200-create-playbooks.ts'
import { KeepFactsControlsSchedules1795356000410 } from './1795356000410-keep-facts-controls-schedules.ts'
import { KeepDeliveriesTasksKeys1795356000420 } from './1795356000420-keep-deliveries-tasks-keys.ts'
import { KeepRunsOfSteps1795392000100 } from './1795392000100-keep-runs-of-steps.ts'
import { KeepOwnersTimeZone1795392000200 } from './1795392000200-keep-owners-time-zone.ts'

export const migrations = [
  CreatePlaybooks1795356000200,
  KeepFactsControlsSchedules1795356000410,
  KeepDeliveriesTasksKeys1795356000420,
  KeepRunsOfSteps1795392000100,
  KeepOwnersTimeZone1795392000200,
]
