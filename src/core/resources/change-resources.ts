import { cloudOf } from "../clouds/index.ts";
import type { Vswitch } from "../inventory/inventory.ts";
import { namedGroup, publicAddress, vswitchResource } from "./network-resources.ts";
import { settled } from "./plan-resources.ts";
import type { ClusterResource, PlannedResource, ResourcePlan } from "./resource.ts";

/** A change of a cluster as far as it concerns its resources. */
export interface ResourceChange extends Pick<ResourcePlan, "dialect" | "at" | "newId"> {
  /** As it is from now on. */
  cluster: ResourcePlan["cluster"];
  /** vSwitches that it uses besides those it had. */
  addedVswitches: readonly Vswitch[];
}

/**
 * A cluster's resources after a change of it: its security group is the one that is named from now on, vSwitches are
 * added, and the public address of the API server is there or not.
 */
export function changedResources(resources: readonly ClusterResource[], change: ResourceChange): ClusterResource[] {
  const changed = [withGroup, withVswitches, withPublicAddress].reduce(
    (list, step) => step(list, change),
    [...resources],
  );
  return changed.map((resource, ordinal) => ({ ...resource, ordinal }));
}

type Step = (resources: ClusterResource[], change: ResourceChange) => ClusterResource[];

/** The named group takes the place of the cluster's group, also among what others need. */
const withGroup: Step = (resources, change) => {
  const { vpcId, securityGroupId } = change.cluster.spec.network;
  const own = resources.find(({ kind, nodePoolId }) => kind === "security-group" && nodePoolId === null);
  if (!own || securityGroupId === undefined || own.id === securityGroupId) return resources;
  const isNamed = ({ kind, id }: { kind: string; id: string }) => kind === "security-group" && id === securityGroupId;
  const isOwn = ({ kind, id }: { kind: string; id: string }) => kind === own.kind && id === own.id;
  const named = { ...settled(change, namedGroup(securityGroupId, vpcId)), ordinal: own.ordinal };
  return resources
    .filter((resource) => !isNamed(resource))
    .map((resource) => {
      if (resource === own) return named;
      const dependencies = resource.dependencies.map((needed) =>
        isOwn(needed) ? { ...needed, id: named.id } : needed,
      );
      return { ...resource, dependencies };
    });
};

const withVswitches: Step = (resources, change) => {
  const known = new Set(resources.filter(({ kind }) => kind === "vswitch").map(({ id }) => id));
  const added = change.addedVswitches.filter(({ id }) => !known.has(id));
  return [...resources, ...complete(change, added.map(vswitchResource))];
};

/** An address that is there stays, unless another one is named. */
const withPublicAddress: Step = (resources, change) => {
  const { apiServer, cloud } = change.cluster.spec;
  const name = cloudOf(change.dialect).publicAddressName;
  const present = resources.find((resource) => resource.name === name);
  if (present && apiServer.publicEndpoint && (cloud.eipId ?? present.id) === present.id) return resources;
  const balancer = resources.find((resource) => resource.name === "k8s_master_slb");
  const others = resources.filter((resource) => resource !== present);
  return [...others, ...complete(change, publicAddress(change, name, balancer))];
};

/** What is added comes last: its place is given to it when all is there. */
const complete = (change: ResourceChange, added: readonly PlannedResource[]): ClusterResource[] =>
  added.map((resource) => ({ ...settled(change, resource), ordinal: 0 }));
