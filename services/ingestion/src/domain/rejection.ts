/** Why one event of a request was not accepted; the rest of the request is not touched by it. */
export type RejectionCode =
  | 'CALL_FORBIDDEN_FOR_KEY'
  | 'EVENT_NAME_MISSING'
  | 'EVENT_NOT_AN_OBJECT'
  | 'EVENT_TOO_DEEP'
  | 'EVENT_TOO_LARGE'
  | 'FIELD_INVALID'
  | 'GROUP_ID_MISSING'
  | 'PREVIOUS_ID_MISSING'
  | 'SENDER_MISSING'
  | 'TIME_INVALID'
  | 'TYPE_UNKNOWN'
  | 'USER_ID_MISSING'
  | 'UTF8_INVALID'

export interface Rejection {
  readonly code: RejectionCode
  readonly message: string
  /** JSON pointer within the event; empty for the event as a whole. */
  readonly pointer: string
}
