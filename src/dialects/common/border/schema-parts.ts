import type { TSchema } from "typebox";

/** The schemas of an object's members by name; none where the schema is of something else. */
export const propertiesOf = (schema: TSchema | undefined): Readonly<Record<string, TSchema>> =>
  (schema as { properties?: Record<string, TSchema> } | undefined)?.properties ?? {};

/** The schema of a list's items; undefined where the schema is of something else. */
export const itemsOf = (schema: TSchema | undefined): TSchema | undefined =>
  (schema as { items?: TSchema } | undefined)?.items;

/** The type that a schema asks for, and the values where there are only a few. */
export const typeOf = (schema: TSchema): { type?: string; enum?: readonly unknown[] } => schema;
