/** One fact for all kinds of clusters that a request can ask for, or one for each. */
export type PerKind<T> = T | ByKind<T>;

/** A fact that differs by kind. */
export interface ByKind<T> {
  readonly byKind: Readonly<Record<string, T>>;
}

/** What a text has to be beside a text. */
export interface ValueRule {
  /** The rule as the end of a sentence: `must be a name of the IANA time zone database`. */
  readonly says: string;
  readonly holds: (value: string) => boolean;
  /** What to do instead: `e.g. Asia/Shanghai`. */
  readonly wayOut?: string;
}

/** A value that is filled in. */
type DefaultValue = string | number | boolean;

/** What is known of a parameter beside the shape of its values. */
export interface Facts {
  /**
   * Kinds of clusters whose documents describe it; empty where only the API's newer versions have it. CreateCluster's
   * parameters say so, and what they do, as docs/parameters.md promises; a test holds them to it.
   */
  readonly kinds?: readonly string[];
  /** Kinds for which today's clients send it although their documents do not have it. */
  readonly newerFor?: readonly string[];
  /** What it is, one sentence. */
  readonly meaning: string;
  /** What it does here, one sentence. */
  readonly effect?: string;
  /** Where that can be seen. */
  readonly observed?: string;
  /** When it has to be given, as a clause: `with Terway`. */
  readonly requiredWhen?: string;
  /** What is filled in where it is left out; of a list, its only entry. */
  readonly default?: PerKind<DefaultValue> | undefined;
  /** The default in words, where it is no value that could be filled in: `the newest version`. */
  readonly defaultIs?: string;
  /** What the documents say to use in its place. */
  readonly replacedBy?: string;
  /** What to do where a value is refused for its range or its number: `ask for several node pools`. */
  readonly wayOut?: string;
  /** Rules that are not about its value alone, as clauses for the documentation. */
  readonly conditions?: readonly string[];
}

/** The most characters of a text that says nothing else, see docs/deviations.md. */
export const usualLength = 1024;
/** The most entries of a list, and members of a map, that say nothing else, see docs/deviations.md. */
export const usualItems = 100;

/** The most characters of all names and values of a map: Kubernetes takes 256 KiB of annotations of an object. */
export const mapLength = 65_536;

/** Values that are texts. An empty one means "not set", as old clients send every field. */
export interface TextShape<V extends string = string> {
  readonly type: "text";
  /** The only values that it may have. */
  readonly values?: readonly V[];
  /** The values that are known, where the vendor adds to them: others are taken, and told. */
  readonly known?: readonly string[];
  readonly rule?: PerKind<ValueRule>;
  /** Characters; where it is not said, {@link usualLength}. */
  readonly maxLength?: number;
  /** Says that an empty one is a value: it clears what is there. */
  readonly clearable?: true;
}

/** Values that are whole numbers. 0 means "not set" where it is outside of the range or the values. */
export interface IntegerShape {
  readonly type: "integer";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly values?: readonly number[];
}

/** Values that are true or false. */
export interface FlagShape {
  readonly type: "flag";
}

/** Values that are lists. An empty one means "not set". */
export interface ListShape<I = Shape> {
  readonly type: "list";
  readonly items: I;
  /** Where it is not said, {@link usualItems}. */
  readonly maxItems?: number;
  /** Says that an empty one is a value: it clears what is there. */
  readonly clearable?: true;
}

/** Values that are objects. One that sets nothing means "not set". */
export interface ObjectShape<M = Members> {
  readonly type: "object";
  /** None where any member is taken as it is, because its name is another program's. */
  readonly members: M;
  /** Whether members that are not named here are taken as they are, beside those that are. */
  readonly open?: true;
}

/** Values that are objects whose members have names of the user's and texts as values. */
export interface MapShape {
  readonly type: "map";
  readonly rule?: MapRule;
  /** The most members; where it is not said, {@link usualItems}. Names and values together have {@link mapLength} at most. */
  readonly maxItems?: number;
}

/** What the members of a map have to be beside texts. */
interface MapRule {
  /** The rule as the end of a sentence about one member. */
  readonly says: string;
  readonly holds: (name: string, value: string) => boolean;
}

/** The values a parameter may have. */
export type Shape = TextShape | IntegerShape | FlagShape | ListShape | ObjectShape | MapShape;

/** A parameter of a request, or a member of one. */
export type Parameter = Facts & Shape & { readonly required?: true };

/** Parameters by name. */
export type Members = { readonly [name: string]: Parameter };

/**
 * What of a body is sure to be there: nothing of what a client sends; what has a default, once those are filled in; and once it
 * is checked, all that is mandatory as well.
 */
type Sure = "nothing" | "defaults" | "all";

/** An object is filled in with its members. */
type HasDefault<P> = P extends { default: PerKind<DefaultValue> }
  ? true
  : P extends { type: "object"; members: infer M }
    ? true extends { [K in keyof M]: HasDefault<M[K]> }[keyof M]
      ? true
      : false
    : false;

type IsSure<P, S extends Sure> = S extends "nothing"
  ? false
  : [S, P] extends ["all", { required: true }]
    ? true
    : HasDefault<P>;

type Value<V, S extends Sure> = V extends { type: "text"; values?: readonly (infer One)[] }
  ? One
  : V extends { type: "integer" }
    ? number
    : V extends { type: "flag" }
      ? boolean
      : V extends { type: "map" }
        ? Record<string, string>
        : V extends { type: "list"; items: infer I }
          ? Value<I, S>[]
          : V extends { type: "object"; members: infer M }
            ? MemberValues<M, S>
            : never;

/** The type of a body, or of a part of it, with those members; what is not set is absent. */
export type MemberValues<M, S extends Sure = "all"> = {
  -readonly [K in keyof M as IsSure<M[K], S> extends true ? K : never]: Value<M[K], S>;
} & {
  -readonly [K in keyof M as IsSure<M[K], S> extends true ? never : K]?: Value<M[K], S>;
};

/** What a body sets: nothing has to be there. */
export type Given<M> = MemberValues<M, "nothing">;

type Default = PerKind<DefaultValue> | undefined;

/** Facts, perhaps with a default of that type; of those that may have any or none, nothing is known. */
type With<D> = Facts & { readonly default?: D };
type Known<D> = Facts &
  (undefined extends D ? unknown : PerKind<DefaultValue> extends D ? unknown : { readonly default: D });

type Options<S extends Shape> = Omit<S, "type">;

/** A text. */
export const text = <D extends Default = undefined>(facts: With<D> & Options<TextShape>) =>
  ({ type: "text", ...facts }) as Known<D> & TextShape;

/** One of a few texts. */
export const choice = <const V extends string, D extends Default = undefined>(values: readonly V[], facts: With<D>) =>
  ({ type: "text", values, ...facts }) as Known<D> & TextShape<V>;

/** Longest name of a value of a list that is the vendor's to extend. */
const longestName = 64;

/** A text of which some values are known; the list of them is the vendor's to extend, so that others are taken, too. */
export const openChoice = <D extends Default = undefined>(
  known: readonly string[],
  facts: With<D> & Pick<TextShape, "rule">,
) => ({ type: "text", known, maxLength: longestName, ...facts }) as Known<D> & TextShape;

/** A whole number. */
export const integer = <D extends Default = undefined>(facts: With<D> & Options<IntegerShape>) =>
  ({ type: "integer", ...facts }) as Known<D> & IntegerShape;

/** True or false. */
export const flag = <D extends Default = undefined>(facts: With<D>) =>
  ({ type: "flag", ...facts }) as Known<D> & FlagShape;

/** A list of texts. */
export const texts = <D extends Default = undefined>(
  facts: With<D> & { readonly maxItems?: number; readonly item?: Options<TextShape> },
) => {
  const { item, ...others } = facts;
  return { type: "list", items: { type: "text", ...item }, ...others } as Known<D> & ListShape<TextShape>;
};

/** A list of objects. */
export const objects = <M extends Members>(
  members: M,
  facts: Facts & { readonly maxItems?: number },
): Facts & ListShape<ObjectShape<M>> => ({ type: "list", items: { type: "object", members }, ...facts });

/** An object. */
export const object = <M extends Members>(
  members: M,
  facts: Facts & { readonly open?: true },
): Facts & ObjectShape<M> => ({
  type: "object",
  members,
  ...facts,
});

/** Texts under names of the user's. */
export const map = (facts: Facts & Options<MapShape>): Facts & MapShape => ({ type: "map", ...facts });

/** The same parameter, which has to be given always: in every request, or in every object that it is a member of. */
export const required = <P>(parameter: P): P & { readonly required: true } => ({ ...parameter, required: true });

/** Facts of a parameter that hold where something is made, and not where it is changed. */
const factsOfCreation = ["required", "requiredWhen", "default", "defaultIs"] as const;
type InChange<P> = Omit<P, (typeof factsOfCreation)[number]>;

/** The same parameter in a change, in which what is left out stays as it is. */
export const changeable = <P extends object>(parameter: P): InChange<P> => {
  const left = Object.entries(parameter).filter(([fact]) => !factsOfCreation.some((one) => one === fact));
  return Object.fromEntries(left) as InChange<P>;
};

/** The same in a change, in which an empty value clears what is there. */
export const clearable = <P extends object>(parameter: P): InChange<P> & { readonly clearable: true } => ({
  ...changeable(parameter),
  clearable: true,
});

/** Some of an object's members, each as {@link changeable}. */
export const membersOf = <M extends Members, Name extends keyof M>(members: M, ...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, changeable(members[name] as object)])) as {
    readonly [N in Name]: InChange<M[N]>;
  };

/** An object with some of its members, each as {@link changeable}. */
export const partOf = <M extends Members, Name extends keyof M>(
  { meaning, members }: Facts & ObjectShape<M>,
  ...names: readonly Name[]
) => ({ type: "object" as const, meaning, members: membersOf(members, ...names) });

/** A fact for each kind of cluster. */
export const byKind = <T>(facts: Readonly<Record<string, T>>): ByKind<T> => ({ byKind: facts });

/** The fact of one kind; undefined where the kind has none. */
export function ofKind<T>(fact: PerKind<T>, kind: string): T | undefined {
  return isPerKind(fact) ? fact.byKind[kind] : fact;
}

/** Whether the fact differs by kind. */
export const isPerKind = <T>(fact: PerKind<T>): fact is ByKind<T> =>
  typeof fact === "object" && fact !== null && "byKind" in fact;

/** Whether 0 is what an old client sends for "not set", because the parameter cannot have it as a value. */
export const zeroIsUnset = ({ minimum = 0, values }: IntegerShape): boolean =>
  minimum > 0 || (values !== undefined && !values.includes(0));

/** The most characters of a text; one of few values has the longest of those. */
export const longestOf = ({ maxLength, values }: TextShape): number =>
  maxLength ?? (values ? Math.max(...values.map(({ length }) => length)) : usualLength);

/** The most entries of a list, or members of a map. */
export const mostOf = ({ maxItems = usualItems }: { readonly maxItems?: number }): number => maxItems;

/** Whether a text has at most so many characters, as a schema counts them; a long one is not counted through. */
export const isWithin = (most: number, value: string): boolean =>
  value.length <= most || (value.length <= 2 * most && [...value].length <= most);

/** A parameter with its place: `nodepools[].scaling_group.data_disks[].size`. */
export interface PlacedParameter {
  path: string;
  parameter: Parameter;
}

/** Every parameter with its place, members after what they are members of. */
export function placedParameters(members: Members, prefix = ""): PlacedParameter[] {
  return Object.entries(members).flatMap(([name, parameter]) => {
    const path = `${prefix}${name}`;
    return [{ path, parameter }, ...placedParameters(...inner(parameter, path))];
  });
}

function inner(parameter: Parameter, path: string): [Members, string] {
  if (parameter.type === "object") return [parameter.members, `${path}.`];
  if (parameter.type === "list" && parameter.items.type === "object") return [parameter.items.members, `${path}[].`];
  return [{}, ""];
}
