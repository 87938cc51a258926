import { addonCatalogue } from "../../../../../core/clouds/alibaba/add-ons.ts";
import type { Violation } from "../../../../common/errors/violations.ts";
import { repeated } from "../../../../common/parameters/repeated.ts";
import type { Rule, RuleContext } from "./rule.ts";

type Addon = NonNullable<RuleContext["body"]["addons"]>[number];

/** An add-on of the request with its place in the list. */
interface PlacedAddon {
  name: string;
  disabled: boolean;
  index: number;
}

const named = (addons: readonly Addon[] = []): PlacedAddon[] =>
  addons.flatMap(({ name, disabled }, index) => (name ? [{ name, disabled, index }] : []));

const nameAt = ({ name, index }: PlacedAddon): Pick<Violation, "parameter" | "value"> => ({
  parameter: `addons[${index}].name`,
  value: name,
});

/** An add-on may have several names; of one that is not known, Kubernetes' names of its objects may not be the same. */
const once: Rule = ({ body }) =>
  repeated(named(body.addons), ({ name }) => addonCatalogue.find(name)?.name ?? objectName(name)).map(({ item }) => ({
    ...nameAt(item),
    rule: "must not be named twice",
  }));

const objectName = (name: string): string => name.toLowerCase().replaceAll("_", "-");

/** A cluster has a network add-on. Where none is named, other parameters say which. */
const network: Rule = ({ body }) =>
  named(body.addons)
    .filter(({ name }) => addonCatalogue.find(name)?.plugin)
    .filter(({ disabled }) => disabled)
    .map(({ name, index }) => ({
      parameter: `addons[${index}].disabled`,
      value: true,
      rule: `must not be set for the network add-on ${name}`,
      wayOut: "without one the cluster has no network",
    }));

/** Two network add-ons, or two kinds of storage. */
const conflicts: Rule = ({ body }) => {
  const wanted = named(body.addons).filter(({ disabled }) => !disabled);
  return wanted.flatMap((addon, position): Violation[] => {
    const others = wanted
      .slice(0, position)
      .filter(({ name }) => addonCatalogue.conflicts([name, addon.name]).length > 0);
    if (others.length === 0) return [];
    const names = others.map(({ name }) => name).join(" and ");
    return [{ ...nameAt(addon), rule: `must not stand beside ${names}`, wayOut: "leave one of them out" }];
  });
};

/** The rules of the add-ons of a cluster. */
export const addonRules: readonly Rule[] = [once, network, conflicts];
