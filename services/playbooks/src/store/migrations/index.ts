import { CreatePlaybooks1795356000200 } from './1795356000200-create-playbooks.ts'

export const migrations = [CreatePlaybooks1795356000200]
