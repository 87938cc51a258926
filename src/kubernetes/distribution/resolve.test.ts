import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { resolveVersion } from "./resolve.ts";

const availableVersions = ["1.34.1", "1.9.11", "1.20.2", "1.20.15", "1.28.9", "1.28.10"];

test.each([
  { asked: undefined, version: "1.34.1", exact: true, why: "nothing asked gives the newest" },
  { asked: "1.20.2", version: "1.20.2", exact: true, why: "the very version" },
  { asked: "v1.20.2", version: "1.20.2", exact: true, why: "a leading v changes nothing" },
  { asked: "1.28", version: "1.28.10", exact: true, why: "a minor gives its newest patch, 10 being more than 9" },
  { asked: "1.20.4", version: "1.20.2", exact: false, why: "the nearest patch, below" },
  { asked: "1.20.14", version: "1.20.15", exact: false, why: "the nearest patch, above" },
  { asked: "1.28.99", version: "1.28.10", exact: false, why: "a patch newer than all gives the newest" },
  { asked: "1.22.3", version: "1.28.10", exact: false, why: "the nearest higher minor, its newest patch" },
  { asked: "1.22", version: "1.28.10", exact: false, why: "the same for a minor alone" },
  { asked: "1.35.0", version: "1.34.1", exact: false, why: "nothing higher: the nearest lower minor" },
  { asked: "2.0.0", version: "1.34.1", exact: false, why: "a higher major is higher than every minor below it" },
  { asked: "1.2.0", version: "1.9.11", exact: false, why: "1.9 is nearer to 1.2 than 1.20 is" },
])("$asked → $version: $why", ({ asked, version, exact }) => {
  expect(resolveVersion(asked, availableVersions)).toEqual({ version, exact });
});

test("of two patches as near, the newer", () => {
  expect(resolveVersion("1.20.4", ["1.20.2", "1.20.6"])).toEqual({ version: "1.20.6", exact: false });
});

test("nothing available resolves to nothing", () => {
  expect(resolveVersion("1.20.2", [])).toBeUndefined();
  expect(resolveVersion(undefined, [])).toBeUndefined();
});

test.each(["", "1", "latest", "1.20.2-aliyun.1", "1.20.2.3", "1.x"])("%j is refused with a sentence", (asked) => {
  expect(() => resolveVersion(asked, availableVersions)).toThrow(
    `"${asked}" is not a Kubernetes version. Write it as 1.20.2 or 1.20.`,
  );
});

describe("for any request and any set of versions", () => {
  const number = fc.integer({ min: 0, max: 40 });
  const version = fc.tuple(fc.constant(1), number, number).map((numbers) => numbers.join("."));
  const versions = fc.uniqueArray(version, { minLength: 1, maxLength: 12 });
  const minorOf = (text: string) => Number(text.split(".")[1]);
  const patchOf = (text: string) => Number(text.split(".")[2]);

  test("the answer is one of the available, and exact just where the request is among them", () => {
    fc.assert(
      fc.property(version, versions, (asked, available) => {
        const answer = resolveVersion(asked, available);
        expect(available).toContain(answer?.version);
        expect(answer?.exact).toBe(available.includes(asked));
        expect(answer?.exact).toBe(answer?.version === asked);
      }),
    );
  });

  test("the order in which versions are given changes nothing", () => {
    fc.assert(
      fc.property(version, versions, (asked, available) => {
        expect(resolveVersion(asked, available.toReversed())).toEqual(resolveVersion(asked, available));
      }),
    );
  });

  test("no available version is nearer than the answer", () => {
    fc.assert(
      fc.property(version, versions, (asked, available) => {
        const answer = resolveVersion(asked, available)?.version ?? "";
        const same = available.filter((text) => minorOf(text) === minorOf(asked));
        if (same.length > 0) {
          const distances = same.map((text) => Math.abs(patchOf(text) - patchOf(asked)));
          expect(same).toContain(answer);
          expect(Math.abs(patchOf(answer) - patchOf(asked))).toBe(Math.min(...distances));
          return;
        }
        const minors = available.map(minorOf);
        const higher = minors.filter((minor) => minor > minorOf(asked));
        const minor = higher.length > 0 ? Math.min(...higher) : Math.max(...minors);
        expect(minorOf(answer)).toBe(minor);
        expect(patchOf(answer)).toBe(Math.max(...available.filter((text) => minorOf(text) === minor).map(patchOf)));
      }),
    );
  });
});
