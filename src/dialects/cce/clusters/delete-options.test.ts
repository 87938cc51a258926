import { describe, expect, it } from "vitest";
import { toDeleteOptions } from "./delete-options.ts";

describe("the options of a deletion", () => {
  it("have the documents' defaults", () => {
    expect(toDeleteOptions({})).toEqual([
      { delete_efs: "skip" },
      { delete_eni: "block" },
      { delete_evs: "skip" },
      { delete_net: "block" },
      { delete_obs: "skip" },
      { delete_sfs: "skip" },
      { delete_sfs30: "skip" },
      { lts_reclaim_policy: "skip" },
    ]);
  });

  it.each([
    ["delete_evs", "true", "block"],
    ["delete_evs", "block", "block"],
    ["delete_evs", "try", "try"],
    ["delete_net", "false", "skip"],
    ["delete_net", "skip", "skip"],
    ["delete_obs", "", "skip"],
    ["lts_reclaim_policy", "Delete_Log_Group", "Delete_Log_Group"],
  ])("%s=%s comes to %s", (name, value, outcome) => {
    expect(toDeleteOptions({ [name]: value })).toContainEqual({ [name]: outcome });
  });

  it("refuse values that they cannot have, and name every one", () => {
    const query = { delete_evs: "yes", periodic_node_policy: "delete", ondemand_node_policy: "reset" };
    expect(() => toDeleteOptions(query)).toThrow(
      expect.objectContaining({
        name: "RefusedRequest",
        message:
          'delete_evs "yes" must be one of true, block, try, false, skip; ' +
          'periodic_node_policy "delete" must be one of reset, retain.',
      }),
    );
  });
});
