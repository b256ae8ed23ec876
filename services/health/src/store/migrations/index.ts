import { CreateHealth1795356000100 } from './1795356000100-create-health.ts'

export const migrations = [CreateHealth1795356000100]
