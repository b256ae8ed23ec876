import { CreatePlaybooks1795356000200 } from './1795356000200-create-playbooks.ts'

import { KeepFactsControlsSchedules1795356000410 } from './1795356000410-keep-facts-controls-schedules.ts'

export const migrations = [CreatePlaybooks1795356000200, KeepFactsControlsSchedules1795356000410]
