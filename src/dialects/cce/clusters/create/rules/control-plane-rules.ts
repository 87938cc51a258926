import { findFlavor, knownFlavors } from "../../../catalogue/flavors.ts";
import type { Rule } from "./rule.ts";

const flavor: Rule = ({ flavor: value }) => {
  if (!value || findFlavor(value)) return [];
  const wayOut = `the known ones are ${knownFlavors.join(", ")}, and the same with cce.dec`;
  return [{ parameter: "spec.flavor", value, rule: "is not a known flavor", wayOut }];
};

const members: Rule = ({ flavor: name, masters }) => {
  const known = name === undefined ? undefined : findFlavor(name);
  if (!known || !masters || masters.length === known.members) return [];
  const entries = known.members === 1 ? "one entry" : `${known.members} entries`;
  return [
    {
      parameter: "spec.masters",
      value: masters,
      rule: `must have ${entries}, as many as flavor ${name} has control-plane members`,
      wayOut: "or leave it out",
    },
  ];
};

const zones: Rule = ({ flavor: name, extendParam }) => {
  const known = name === undefined ? undefined : findFlavor(name);
  if (extendParam?.clusterAZ !== "multi_az" || !known || known.multiZone) return [];
  return [
    {
      parameter: "spec.extendParam.clusterAZ",
      value: "multi_az",
      rule: `needs a highly available flavor, and ${name} has a single control-plane member`,
      wayOut: "choose a flavor such as cce.s2.small, or leave it out",
    },
  ];
};

/** The rules of the control plane's size, version and zones. */
export const controlPlaneRules: readonly Rule[] = [flavor, members, zones];
