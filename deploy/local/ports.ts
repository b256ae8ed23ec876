export interface Ports {
  readonly capture: number
  readonly ingestion: number
  readonly accounts: number
  readonly health: number
  readonly journeys: number
  readonly playbooks: number
  /** Where, in development, mails go; nothing of ours listens there. */
  readonly mail: number
  readonly postgres: number
  readonly kafka: number
  readonly kafkaController: number
}

/** The house's ports, counted from a base: 4000 gives those of the README. */
export const portsFrom = (base: number): Ports => ({
  capture: base + 1,
  accounts: base + 2,
  health: base + 3,
  journeys: base + 4,
  playbooks: base + 5,
  ingestion: base + 11,
  mail: base + 25,
  postgres: base + 32,
  kafka: base + 92,
  kafkaController: base + 93,
})

/** Base addresses of the HTTP interfaces; `ingestion` is its own API, `capture` the public way in. */
export interface Addresses {
  readonly capture: string
  readonly ingestion: string
  readonly accounts: string
  readonly health: string
  readonly journeys: string
  readonly playbooks: string
}

const at = (port: number): string => `http://127.0.0.1:${port}`

export const addressesOf = (ports: Ports): Addresses => {
  return {
    capture: at(ports.capture),
    ingestion: at(ports.ingestion),
    accounts: at(ports.accounts),
    health: at(ports.health),
    journeys: at(ports.journeys),
    playbooks: at(ports.playbooks),
  }
}
