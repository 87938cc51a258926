/** Values of a parameter that are taken and values that are not. */
export interface Cases {
  accepts: readonly unknown[];
  refuses: readonly unknown[];
}

/** A text of no form. Numbers and booleans are taken for texts, as texts are for those. */
export const anyText: Cases = { accepts: ["a text", "", "集群", "x-8vbh3b9a2f38****", 7], refuses: [{}, ["a"]] };

/** An id; the documents mask the ends of theirs. */
export const anyId: Cases = {
  accepts: ["vpc-8vbh3b9a2f38urhls****", "x", "x".repeat(128)],
  refuses: ["x".repeat(129), {}, ["a"]],
};

/** As any language writes them. */
export const anyFlag: Cases = {
  accepts: [true, false, "true", "false", "True", "FALSE", 1, 0, "1", "0", ""],
  refuses: ["yes", "on", 2, "2", {}, [true]],
};

/** As any language writes them. */
export const anyInteger: Cases = { accepts: [0, 1, 20, "5", "5.0", ""], refuses: ["x", 1.5, "1.5", {}, [1]] };

export const anyTexts: Cases = { accepts: [["a", "b"], ["a", "a"], []], refuses: ["a", {}, [{}]] };

export const anyIds: Cases = {
  accepts: [["rm-xx", "rm-xx"], ["rds-****"], []],
  refuses: ["rm-xx", {}, [{}], [""], ["x".repeat(129)]],
};

export const anyObject: Cases = { accepts: [{}, { whatever: 1 }], refuses: ["x", 5, [1], true] };

export const anyObjects: Cases = { accepts: [[], [{}], [{ whatever: 1 }]], refuses: ["x", {}, ["x"], [5]] };

/** Exactly these texts, and an empty one for "not set". */
export const only = (accepts: readonly unknown[], ...refuses: unknown[]): Cases => ({
  accepts: [...accepts, ""],
  refuses: [...refuses, {}],
});

/** The same cases for several parameters. */
export const each = <C>(cases: C, ...paths: string[]): Record<string, C> =>
  Object.fromEntries(paths.map((path) => [path, cases]));
