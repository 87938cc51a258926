import { describeViolations, type Violation } from "../common/errors/violations.ts";
import { iamError } from "./errors.ts";

/** An object of a request's body, with its place in it. */
export interface Member {
  /** As the client writes it, e.g. `auth.identity`; empty for the body itself. */
  place: string;
  value: Readonly<Record<string, unknown>>;
}

/**
 * Reads members of a body and notes down every one that is not as it has to be. An absent member, null, an empty text and an
 * empty object all mean "not given".
 */
export function memberReader() {
  const violations: Violation[] = [];
  const at = (parent: Member, name: string) => (parent.place === "" ? name : `${parent.place}.${name}`);
  const own = ({ value }: Member, name: string) =>
    Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined;
  const violation = (parameter: string, rule: string) => void violations.push({ parameter, rule });
  return {
    /** Notes down what is wrong. @param rule the end of a sentence that begins with the parameter */
    violation,
    /** The object of that name. */
    object(parent: Member, name: string): Member | undefined {
      const value = own(parent, name);
      if (value === undefined) return undefined;
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        violation(at(parent, name), "must be an object");
        return undefined;
      }
      if (Object.keys(value).length === 0) return undefined;
      return { place: at(parent, name), value: value as Member["value"] };
    },
    /** The text of that name. */
    text(parent: Member, name: string): string | undefined {
      const value = own(parent, name);
      if (value === undefined || value === "") return undefined;
      if (typeof value === "string") return value;
      violation(at(parent, name), "must be a text");
      return undefined;
    },
    /** The list of that name, whatever is in it. */
    list(parent: Member, name: string): readonly unknown[] | undefined {
      const value = own(parent, name);
      if (value === undefined || Array.isArray(value)) return value;
      violation(at(parent, name), "must be a list");
      return undefined;
    },
    /** What was read, once it is known that nothing was wrong. @throws {ApiError} `IAM.BadRequest`, naming every violation */
    result<T>(read: T | undefined): T {
      if (violations.length === 0 && read !== undefined) return read;
      throw iamError("IAM.BadRequest", { reason: describeViolations(violations) });
    },
  };
}

/** Reads members and notes down violations. */
export type MemberReader = ReturnType<typeof memberReader>;
