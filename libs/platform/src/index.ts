export { Clock, SystemClock } from './clock.ts'
export { BansoError } from './errors.ts'
