// What the validators of a DTO demand, told to @nestjs/swagger as its own decorators would tell it.
import { fieldsOf } from '@banso/platform'
import { ApiProperty } from '@nestjs/swagger'
import { getMetadataStorage } from 'class-validator'
import { targetConstructorToSchema } from 'class-validator-jsonschema'

export type Dto = new () => object

const told = new WeakSet<Dto>()

const isValidated = (type: Dto): boolean =>
  getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length > 0

/** Whether a parameter's type is a class with validators. */
export const isDto = (type: unknown): type is Dto =>
  typeof type === 'function' &&
  ![String, Number, Boolean, Object, Array].includes(type as never) &&
  isValidated(type as Dto)

/** The fields of a DTO, in their order: JSON Schema, and whether each must be given. */
export const fieldsOfDto = (
  type: Dto,
): readonly { name: string; required: boolean; schema: Record<string, unknown> }[] => {
  const { properties = {}, required = [] } = targetConstructorToSchema(type)
  const standards = Object.entries(new type())
  const said = fieldsOf(type.prototype as object)
  return Object.entries(properties).map(([name, validated]) => {
    const standard: unknown = standards.find(([field]) => field === name)?.[1]
    const { description, example } = said[name] ?? {}
    return {
      name,
      required: required.includes(name) && standard === undefined,
      schema: {
        ...validated,
        ...(standard !== undefined && { default: standard }),
        ...(description !== undefined && { description }),
        ...(example !== undefined && { example }),
      },
    }
  })
}

/** Lets @nestjs/swagger know the fields of a DTO. */
export const tellFields = (type: Dto): void => {
  if (told.has(type)) return
  told.add(type)
  for (const { name, required, schema } of fieldsOfDto(type))
    ApiProperty({ ...schema, required })(type.prototype as object, name)
}
