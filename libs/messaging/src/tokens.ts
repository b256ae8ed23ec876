/** Token of the `EventLog`. */
export const EVENT_LOG = Symbol('EVENT_LOG')
