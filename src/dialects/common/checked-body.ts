import type { FastifyRequest } from "fastify";
import { refuseAny, toViolations, type Violation } from "./errors/violations.ts";
import { withDefaults } from "./parameters/defaults.ts";
import { givenParameters, unknownFields } from "./parameters/given.ts";
import type { Given, Members, MemberValues } from "./parameters/parameter.ts";
import { bodySchema } from "./parameters/schema.ts";
import { type OneSpelling, type Spelling, saidTwice, toOneSpelling } from "./parameters/spellings.ts";
import { refuseUnlisted, remarksOnUnlisted } from "./parameters/unlisted.ts";
import {
  allViolations,
  checkMaps,
  checkValues,
  missingMembers,
  refuseUnknown,
  withWaysOut,
} from "./parameters/value-check.ts";

/** What rules and remarks look at. */
export interface BodyContext<M, Kind extends string = string, Subject = unknown>
  extends Pick<OneSpelling<unknown>, "nameOf" | "isGiven"> {
  /** What the body sets, in the places that the client used. */
  given: Given<M>;
  /** The same, each in one place, with the table's defaults. */
  body: MemberValues<M, "defaults">;
  /** The body as its schema left it, with what is in no table. */
  read: unknown;
  /** The kind of cluster that is asked for, of dialects that have several. */
  kind: Kind;
  /** What the body is about, such as the cluster that it changes. */
  subject: Subject;
}

/** A rule about several parameters: what it finds wrong with a body. */
export type BodyRule<M, Kind extends string = string, Subject = unknown> = (
  context: BodyContext<M, Kind, Subject>,
) => Violation[];

/** What a checked body says that does less than one may think: nothing where there is nothing to say. */
export type BodyRemark<M, Kind extends string = string> = (
  context: BodyContext<M, Kind>,
) => readonly (string | false | undefined)[];

/** How clients may write the keys of a body. */
export interface KeySpelling {
  /** Brings keys into the right spelling, before anything else looks at the body. */
  respell(sent: unknown): unknown;
  /** The places of keys that are still in another one, since they stand in the right one too and differ. */
  misspelt(body: unknown): readonly { written: string; key: string }[];
}

/** All that is known of an operation's body. Its table has the most of it, limits included. */
export interface BodyDefinition<M extends Members, Kind extends string = string, Subject = unknown> {
  members: M;
  /** What it is, for the OpenAPI document. */
  description: string;
  keys?: KeySpelling;
  spellings?: readonly Spelling[];
  /** The kind of the cluster; undefined where there is no such kind, for which no rule holds. */
  kindOf?(given: Given<M>, subject: Subject): Kind | undefined;
  /** What is wrong with a body of no kind, beyond what the table says. */
  withoutKind?(given: Given<M>): Violation[];
  rules?: readonly BodyRule<M, Kind, Subject>[];
  /** Rules that hold where what is not known is refused. */
  strictRules?: readonly BodyRule<M, Kind, Subject>[];
  remarks?: readonly BodyRemark<M, Kind>[];
  /** What to give where a parameter is missing, by its place. */
  waysOut?: Readonly<Record<string, string>>;
}

/** A definition with the schema that is made of it. */
export interface RequestBody<M extends Members, Kind extends string = string, Subject = unknown>
  extends BodyDefinition<M, Kind, Subject> {
  schema: ReturnType<typeof bodySchema<M>>;
}

/** A body that has passed its check. */
export interface CheckedBody<M, Kind extends string = string> extends Omit<BodyContext<M, Kind>, "body" | "subject"> {
  /** What is wanted: each parameter in one place, with the table's defaults. */
  body: MemberValues<M>;
  /** The body as it was sent, its keys in the right spelling. */
  sent: Readonly<Record<string, unknown>>;
  /** What the user should know about how the body is taken, as sentences. */
  remarks: string[];
}

/** How a body is checked. */
export interface CheckOptions<Subject = unknown> {
  /** Whether parameters, versions and values that no list has are refused. */
  strict?: boolean;
  subject?: Subject;
}

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it was sent: what checks it turns texts into numbers and booleans in place. */
    sentBody: unknown;
  }
}

/** A body of requests, as its definition says. */
export const requestBody = <M extends Members, Kind extends string = string, Subject = unknown>(
  definition: BodyDefinition<M, Kind, Subject>,
): RequestBody<M, Kind, Subject> => ({
  ...definition,
  schema: bodySchema(definition.members, definition.description),
});

/** The options of a route that takes a body which {@link checkedBody} is to check. */
export const taking = ({ keys }: { keys?: KeySpelling }) => ({
  // What the schema finds is reported together with what the rules find.
  attachValidation: true,
  preValidation: async (request: FastifyRequest): Promise<void> => {
    if (keys) request.body = keys.respell(request.body);
    request.sentBody = structuredClone(request.body);
  },
});

/**
 * The body of a request, checked: by its schema, in one spelling, with the table's defaults, by the table and by the rules.
 * @throws {RefusedRequest} that names every violation
 */
export function checkedBody<M extends Members, Kind extends string, Subject>(
  request: FastifyRequest,
  definition: RequestBody<M, Kind, Subject>,
  options: CheckOptions<Subject> = {},
): CheckedBody<M, Kind> {
  const { body, sentBody, validationError } = request;
  if (validationError && validationError.validationContext !== "body") throw validationError;
  const ofSchema = toViolations(validationError?.validation ?? [], body);
  const { violations, context } = examineBody(definition, { body, ofSchema }, options);
  refuseAny(violations);
  return {
    ...context,
    // Passed its check: what has to be there is there.
    body: context.body as MemberValues<M>,
    sent: sentBody as CheckedBody<M>["sent"],
    remarks: remarksOn(definition, body, context),
  };
}

/**
 * What is wrong with a body: every violation, once. One that has not passed the schema may be given; its values of a wrong type
 * are passed over.
 * @param found the body after its schema's validation, and what that found
 */
export function examineBody<M extends Members, Kind extends string, Subject>(
  definition: BodyDefinition<M, Kind, Subject>,
  { body: read, ofSchema }: { body: unknown; ofSchema: readonly Violation[] },
  { strict = false, subject }: CheckOptions<Subject>,
) {
  const { members, keys, spellings = [], rules = [], strictRules = [], waysOut = {} } = definition;
  const misspelt = keys?.misspelt(read) ?? [];
  const given = givenParameters(members, read);
  const kind = definition.kindOf?.(given, subject as Subject);
  const hasNoKind = kind === undefined && definition.kindOf;
  const { body, conflicts, ...names } = toOneSpelling(given, spellings, kind);
  const context = {
    ...names,
    given,
    read,
    body: withDefaults(members, body, kind),
    kind,
    subject,
  } as BodyContext<M, Kind, Subject>;
  const found = [
    ...misspelt.map(({ written, key }) => saidTwice(written, undefined, key, `leave ${written} out`)),
    ...missingMembers(members, given),
    ...checkValues(members, given, kind),
    ...checkMaps(members, read),
    ...(hasNoKind
      ? (definition.withoutKind?.(given) ?? [])
      : [...conflicts, ...rules.flatMap((rule) => rule(context))]),
    ...(strict
      ? [
          // A known parameter in another spelling is not an unknown one.
          ...unknownFields(members, read)
            .filter((name) => !misspelt.some(({ written }) => written === name))
            .map(refuseUnknown),
          ...refuseUnlisted(members, given),
          ...strictRules.flatMap((rule) => rule(context)),
        ]
      : []),
  ];
  const told = found.map((one) => (one.missing ? { ...one, wayOut: one.wayOut ?? waysOut[one.parameter] } : one));
  return { violations: allViolations(withWaysOut(members, ofSchema), told), context };
}

/** What the user should know about how a checked body is taken, as sentences. @param read the body after its validation */
export function remarksOn<M extends Members, Kind extends string>(
  { members, remarks = [] }: Pick<BodyDefinition<M, Kind>, "members" | "remarks">,
  read: unknown,
  context: BodyContext<M, Kind>,
): string[] {
  const unknown = unknownFields(members, read);
  return [
    ...(unknown.length > 0 ? [`These fields are not known and have no effect: ${unknown.join(", ")}.`] : []),
    ...remarksOnUnlisted(members, context.given),
    ...remarks.flatMap((remark) => remark(context)).filter((said) => typeof said === "string"),
  ];
}
