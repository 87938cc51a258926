import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectMarks } from "./object-marks.ts";

const marks = (labels: Record<string, string>, annotations: Record<string, string> = {}) =>
  objectMarks({ labels, annotations });

describe("the labels of a cluster", () => {
  it.each<[what: string, label: Record<string, string>, written: ReturnType<typeof marks>]>([
    ["is none", {}, {}],
    ["is a label", { foo: "bar" }, { labels: { foo: "bar" } }],
    ["has a prefix", { "example.com/Foo_1": "a.b-c" }, { labels: { "example.com/Foo_1": "a.b-c" } }],
    ["is empty", { foo: "" }, { labels: { foo: "" } }],
    ["has a value with blanks", { foo: "two words" }, { annotations: { foo: "two words" } }],
    ["has a value of 64 characters", { foo: "x".repeat(64) }, { annotations: { foo: "x".repeat(64) } }],
    ["has a key with blanks", { "my key": "x" }, { annotations: { "sampan.dev/labels": '{"my key":"x"}' } }],
    ["has a Chinese key", { 名: "x" }, { annotations: { "sampan.dev/labels": '{"名":"x"}' } }],
    ["has two prefixes", { "a/b/c": "x" }, { annotations: { "sampan.dev/labels": '{"a/b/c":"x"}' } }],
    ["has an empty prefix", { "/c": "x" }, { annotations: { "sampan.dev/labels": '{"/c":"x"}' } }],
    [
      "has one of Sampan's keys",
      { "sampan.dev/addon": "x", "app.kubernetes.io/managed-by": "me" },
      { annotations: { "sampan.dev/labels": '{"sampan.dev/addon":"x","app.kubernetes.io/managed-by":"me"}' } },
    ],
    ["has a name that objects have", { toString: "a b" }, { annotations: { toString: "a b" } }],
  ])("one that %s", (_, label, written) => {
    expect(marks(label)).toEqual(written);
  });

  it("make way for an annotation with the same key", () => {
    expect(marks({ note: "a label's" }, { note: "an annotation's" })).toEqual({
      annotations: { note: "an annotation's", "sampan.dev/labels": '{"note":"a label\'s"}' },
    });
  });
});

describe("marks without number", () => {
  /** What etcd takes for one object. */
  const objectBytes = 1.5 * 1024 * 1024;
  const many = (count: number, value: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [index.toString(36), value]));
  /** Of an object with these marks: a server-side apply writes each key a second time, as in `"f:key":{},`. */
  const sizeOf = ({ labels, annotations }: ReturnType<typeof marks>) => {
    const keys = [labels, annotations].flatMap((written) => Object.keys(written ?? {}));
    const fields = keys.map((key) => `"f:${key}":{},`).join("");
    return JSON.stringify([labels, annotations]).length + fields.length;
  };

  it.each<[what: string, given: Parameters<typeof marks>]>([
    ["labels with values", [many(20_000, "x".repeat(63))]],
    ["labels without values", [many(100_000, "")]],
    ["annotations without values", [{}, many(100_000, "")]],
    ["labels and annotations", [many(100_000, ""), many(100_000, "y")]],
  ])("(%s) leave the object small enough for etcd", (_, given) => {
    const written = marks(...given);
    expect(sizeOf(written)).toBeLessThan(objectBytes / 2);
    expect(written.annotations?.["sampan.dev/left-out"]).toMatch(/^\d+ over /);
  });

  it("say how many labels and how many annotations are left out", () => {
    // 512 bytes each, of which 240 of the key are counted twice.
    const labels = Object.fromEntries(
      Array.from({ length: 130 }, (_, index) => [`${"p".repeat(236)}/${100 + index}`, "v".repeat(12)]),
    );
    const large = "x".repeat(250_000);
    const { "sampan.dev/left-out": leftOut } = marks(labels, { a: large, b: large }).annotations ?? {};
    expect(leftOut).toBe("2 over 64 KiB for all labels; 1 over Kubernetes' limit of 256 KiB for all annotations");
  });

  it("leave out none of 64 labels that are as long as can be", () => {
    const labels = Object.fromEntries(
      Array.from({ length: 64 }, (_, index) => [`${"p".repeat(253)}/${"n".repeat(61)}${10 + index}`, "v".repeat(63)]),
    );
    expect(marks(labels)).toEqual({ labels });
  });
});

describe("the annotations of a cluster", () => {
  it("are annotations, whatever their values", () => {
    const annotations = { "example.com/note": "two\nlines", empty: "" };
    expect(marks({}, annotations)).toEqual({ annotations });
  });

  it("stand together in one where Kubernetes refuses their keys", () => {
    expect(marks({}, { "a b": "1", "sampan.dev/labels": "2" })).toEqual({
      annotations: { "sampan.dev/annotations": '{"a b":"1","sampan.dev/labels":"2"}' },
    });
  });

  it("are left out where they are too large for Kubernetes, which is said", () => {
    const large = "x".repeat(100_000);
    const written = marks({}, { a: large, b: large, c: large, d: "small" }).annotations ?? {};
    expect(Object.keys(written)).toEqual(["a", "b", "d", "sampan.dev/left-out"]);
    expect(written["sampan.dev/left-out"]).toBe("1 over Kubernetes' limit of 256 KiB for all annotations");
  });
});

/** As Kubernetes checks them (`IsQualifiedName`, `IsValidLabelValue`). */
const labelKey =
  /^(?=[^/]{1,253}\/|[^/]+$)([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

it("whatever is written on a cluster, Kubernetes takes it, and nothing small is lost", () => {
  const likely = fc.stringMatching(/^[a-zA-Z0-9 ._/-]{0,70}$/);
  const given = fc.dictionary(fc.oneof(likely, fc.string()), fc.oneof(likely, fc.string()), { maxKeys: 6 });
  fc.assert(
    fc.property(given, given, (labels, annotations) => {
      const written = marks(labels, annotations);
      for (const [key, value] of Object.entries(written.labels ?? {})) {
        expect(key).toMatch(labelKey);
        expect(value).toMatch(labelValue);
      }
      for (const key of Object.keys(written.annotations ?? {})) expect(key).toMatch(labelKey);
      const {
        "sampan.dev/labels": otherLabels = "{}",
        "sampan.dev/annotations": otherAnnotations = "{}",
        ...own
      } = written.annotations ?? {};
      expect({ ...own, ...written.labels, ...JSON.parse(otherLabels) }).toMatchObject(labels);
      expect({ ...own, ...JSON.parse(otherAnnotations) }).toMatchObject(annotations);
    }),
  );
});
