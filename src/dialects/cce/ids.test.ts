import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newClusterId, newTaskId } from "../../core/ids.ts";
import { fromJobId, fromUuid, toJobId, toUuid } from "./ids.ts";

const hex = (length: number) =>
  fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length }).map((one) => one.join(""));

const noUuids = [
  "",
  "{cluster_id}",
  "0123456789abcdef0123456789abcdef",
  "c0123456789abcdef0123456789abcdef",
  "01234567-89ab-cdef-0123-456789abcde",
  "01234567-89ab-cdef-0123-456789abcdef0",
  "01234567-89AB-CDEF-0123-456789ABCDEF",
  "0123456789ab-cdef-0123-4567-89abcdef",
  "g1234567-89ab-cdef-0123-456789abcdef",
  "01234567-89ab-cdef-0123-456789abcdef\n",
];

describe("the id of a cluster", () => {
  it("is a UUID of the core's digits", () => {
    expect(toUuid("0123456789abcdef0123456789abcdef")).toBe("01234567-89ab-cdef-0123-456789abcdef");
    expect(fromUuid("01234567-89ab-cdef-0123-456789abcdef")).toBe("0123456789abcdef0123456789abcdef");
  });

  it.each(noUuids)("is not read from %j", (text) => {
    expect(fromUuid(text)).toBeUndefined();
  });

  it("comes back, whatever it is", () => {
    fc.assert(
      fc.property(hex(32), (id) => {
        expect(fromUuid(toUuid(id))).toBe(id);
      }),
    );
    const id = newClusterId();
    expect(fromUuid(toUuid(id))).toBe(id);
  });

  it("is read from nothing else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uuid()), (text) => {
        const id = fromUuid(text);
        if (id !== undefined) expect(toUuid(id)).toBe(text);
      }),
    );
  });
});

describe("the id of a job", () => {
  it.each([
    [0, "01234567-89ab-cdef-0123-456700000000"],
    [1, "01234567-89ab-cdef-0123-456700000001"],
    [17, "01234567-89ab-cdef-0123-456700000011"],
  ])("has the digits of its task's, and stage %i", (stage, job) => {
    const reference = { taskId: "T-0123456789abcdef01234567", stage };
    expect(toJobId(reference)).toBe(job);
    expect(fromJobId(job)).toEqual(reference);
  });

  it.each(noUuids)("is not read from %j", (text) => {
    expect(fromJobId(text)).toBeUndefined();
  });

  it("comes back, whatever it is", () => {
    fc.assert(
      fc.property(hex(24), fc.nat(2 ** 32 - 1), (digits, stage) => {
        const reference = { taskId: `T-${digits}`, stage };
        expect(fromJobId(toJobId(reference))).toEqual(reference);
      }),
    );
    const taskId = newTaskId();
    expect(fromJobId(toJobId({ taskId, stage: 3 }))).toEqual({ taskId, stage: 3 });
  });

  it("is read from nothing else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uuid()), (text) => {
        const reference = fromJobId(text);
        if (reference) expect(toJobId(reference)).toBe(text);
      }),
    );
  });
});
