// One factory per event type: `productUsed({ accountId, name: 'Export' }, { time })`.
import type { EventData, EventType } from '@banso/contracts'
import { eventOf, type TestAttributes, type TestEvent } from './events.ts'

const factory =
  <T extends EventType>(type: T) =>
  (data: Partial<EventData<T>> = {}, attributes: TestAttributes = {}): TestEvent<T> =>
    eventOf(type, data, attributes)

export const segmentCallReceived = factory('ingestion.segment-call-received.v1')
export const zendeskTicketReceived = factory('ingestion.zendesk-ticket-received.v1')
export const personKeyMade = factory('ingestion.person-key-made.v1')
export const productUsed = factory('ingestion.product-used.v1')
export const ticketOpened = factory('ingestion.ticket-opened.v1')
export const ticketReplied = factory('ingestion.ticket-replied.v1')
export const ticketStatusChanged = factory('ingestion.ticket-status-changed.v1')
export const ticketRated = factory('ingestion.ticket-rated.v1')
export const personObserved = factory('ingestion.person-observed.v1')
export const accountObserved = factory('ingestion.account-observed.v1')
export const accountProfiled = factory('accounts.account-profiled.v1')
export const accountScored = factory('health.account-scored.v1')
export const bandChanged = factory('health.band-changed.v1')
export const scoreMoved = factory('health.score-moved.v1')
export const alarmRaised = factory('health.alarm-raised.v1')
export const stageEntered = factory('journeys.stage-entered.v1')
export const milestoneReached = factory('journeys.milestone-reached.v1')
export const paceChanged = factory('journeys.pace-changed.v1')
export const flagRaised = factory('journeys.flag-raised.v1')
export const flagCleared = factory('journeys.flag-cleared.v1')
export const runStarted = factory('playbooks.run-started.v1')
export const runHeldBack = factory('playbooks.run-held-back.v1')
export const actionRequested = factory('playbooks.action-requested.v1')
export const actionDone = factory('playbooks.action-done.v1')
export const actionFailed = factory('playbooks.action-failed.v1')
export const runFinished = factory('playbooks.run-finished.v1')
