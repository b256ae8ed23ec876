// docker-compose.yml as its specs read it.
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { parse } from 'yaml'

const Texts = Type.Array(Type.String())

const Container = Type.Object({
  image: Type.String(),
  build: Type.Optional(Type.Object({ context: Type.String(), dockerfile: Type.String() })),
  command: Type.Optional(Texts),
  depends_on: Type.Optional(Type.Record(Type.String(), Type.Object({ condition: Type.String() }))),
  environment: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  networks: Type.Optional(Texts),
  ports: Type.Optional(Texts),
  secrets: Type.Optional(Texts),
  volumes: Type.Optional(Texts),
  init: Type.Optional(Type.Boolean()),
  read_only: Type.Optional(Type.Boolean()),
  cap_drop: Type.Optional(Texts),
  security_opt: Type.Optional(Texts),
  restart: Type.Optional(Type.String()),
  stop_grace_period: Type.Optional(Type.String()),
  healthcheck: Type.Optional(Type.Object({ disable: Type.Optional(Type.Boolean()) })),
})
export type Container = Static<typeof Container>

const ComposeFile = Type.Object({
  services: Type.Record(Type.String(), Container),
  secrets: Type.Record(Type.String(), Type.Object({ file: Type.String() })),
})

export const parseComposeFile = (text: string): Static<typeof ComposeFile> =>
  Value.Parse(ComposeFile, parse(text, { merge: true }))
