import { type Operation, type OperationTable, operationFinder, operationsOf } from "../common/operation.ts";
import { autopilotOperations } from "./autopilot-operations.ts";

/** One operation of the CCE API. */
export type CceOperation = Operation<CceOperationName>;

/** The name of an operation. */
export type CceOperationName = keyof typeof documented;

const PROJECT = "/api/v3/projects/:project_id";
const CLUSTERS = `${PROJECT}/clusters` as const;
const CLUSTER = `${CLUSTERS}/:cluster_id` as const;
const OPERATION = `${CLUSTER}/operation` as const;
const NODES = `${CLUSTER}/nodes` as const;
const POOLS = `${CLUSTER}/nodepools` as const;
const POOL = `${POOLS}/:nodepool_id` as const;
const RELEASES = "/cce/cam/v3/clusters/:cluster_id/releases";
const RELEASE = "/cce/cam/v3/clusters/:cluster_id/namespace/:namespace/releases/:name";

/**
 * The operations of the API as its documents and official SDKs have them: method, path, and for the body `{}` an object,
 * `{}?` one that may be left out. The SDKs send a body with every GET; it means nothing.
 */
const documented = {
  // Clusters.
  CreateCluster: `POST ${CLUSTERS} {}`,
  ListClusters: `GET ${CLUSTERS}`,
  ShowCluster: `GET ${CLUSTER}`,
  UpdateCluster: `PUT ${CLUSTER} {}`,
  DeleteCluster: `DELETE ${CLUSTER}`,
  GetKubernetesClusterCert: `GET ${CLUSTER}/clustercert`,
  CreateKubernetesClusterCert: `POST ${CLUSTER}/clustercert {}?`,
  RevokeKubernetesClusterCert: `POST ${CLUSTER}/clustercertrevoke {}`,
  RotateCredentials: `POST ${CLUSTER}/rotatecredentials {}?`,
  ShowClusterEndpoints: `GET ${CLUSTER}/openapi`,
  UpdateClusterEip: `PUT ${CLUSTER}/mastereip {}`,
  HibernateCluster: `POST ${OPERATION}/hibernate`,
  AwakeCluster: `POST ${OPERATION}/awake`,
  ResizeCluster: `POST ${OPERATION}/resize {}`,
  BatchCreateClusterTags: `POST ${CLUSTER}/tags/create {}`,
  BatchDeleteClusterTags: `POST ${CLUSTER}/tags/delete {}`,
  ShowClusterConfigurationDetails: `GET ${CLUSTER}/configuration/detail`,
  ShowClusterConfig: `GET ${PROJECT}/cluster/:cluster_id/log-configs`,
  UpdateClusterLogConfig: `PUT ${PROJECT}/cluster/:cluster_id/log-configs {}`,
  ShowJob: `GET ${PROJECT}/jobs/:job_id`,
  ShowQuotas: `GET ${PROJECT}/quotas`,
  ShowVersion: "GET /",
  ListClusterFlavors: "GET /api/v2/flavor/specifications",
  ListAvailabilityZones: "GET /api/v2/availabilityZones",
  // Upgrade.
  ListClusterUpgradePaths: "GET /api/v3/clusterupgradepaths",
  ListClusterUpgradeFeatureGates: "GET /api/v3/clusterupgradefeaturegates",
  ShowClusterUpgradeInfo: `GET ${CLUSTER}/upgradeinfo`,
  UpgradeCluster: `POST ${OPERATION}/upgrade {}`,
  ListUpgradeClusterTasks: `GET ${OPERATION}/upgrade/tasks`,
  ShowUpgradeClusterTask: `GET ${OPERATION}/upgrade/tasks/:task_id`,
  PauseUpgradeClusterTask: `POST ${OPERATION}/upgrade/pause`,
  ContinueUpgradeClusterTask: `POST ${OPERATION}/upgrade/continue`,
  RetryUpgradeClusterTask: `POST ${OPERATION}/upgrade/retry`,
  CreatePreCheck: `POST ${OPERATION}/precheck {}`,
  ListPreCheckTasks: `GET ${OPERATION}/precheck/tasks`,
  ShowPreCheck: `GET ${OPERATION}/precheck/tasks/:task_id`,
  CreatePostCheck: `POST ${OPERATION}/postcheck {}`,
  CreateClusterMasterSnapshot: "POST /api/v3.1/projects/:project_id/clusters/:cluster_id/operation/snapshot",
  ListClusterMasterSnapshotTasks: "GET /api/v3.1/projects/:project_id/clusters/:cluster_id/operation/snapshot/tasks",
  CreateUpgradeWorkFlow: `POST ${OPERATION}/upgradeworkflows {}`,
  ListUpgradeWorkFlows: `GET ${OPERATION}/upgradeworkflows`,
  ShowUpgradeWorkFlow: `GET ${OPERATION}/upgradeworkflows/:upgrade_workflow_id`,
  UpgradeWorkFlowUpdate: `PATCH ${OPERATION}/upgradeworkflows/:upgrade_workflow_id {}`,
  // Nodes.
  CreateNode: `POST ${NODES} {}`,
  ListNodes: `GET ${NODES}`,
  ShowNode: `GET ${NODES}/:node_id`,
  UpdateNode: `PUT ${NODES}/:node_id {}`,
  DeleteNode: `DELETE ${NODES}/:node_id`,
  AddNode: `POST ${NODES}/add {}`,
  ResetNode: `POST ${NODES}/reset {}`,
  RemoveNode: `PUT ${NODES}/operation/remove {}`,
  MigrateNode: `PUT ${NODES}/operation/migrateto/:target_cluster_id {}`,
  LockNodeScaledown: `POST ${NODES}/locknodescaledown {}`,
  UnlockNodeScaledown: `POST ${NODES}/unlocknodescaledown {}`,
  BatchSyncNodes: `POST ${NODES}/sync {}`,
  SyncNode: "GET /api/v2/projects/:project_id/clusters/:cluster_id/nodes/:node_id/sync",
  // Node pools.
  CreateNodePool: `POST ${POOLS} {}`,
  ListNodePools: `GET ${POOLS}`,
  ShowNodePool: `GET ${POOL}`,
  UpdateNodePool: `PUT ${POOL} {}`,
  DeleteNodePool: `DELETE ${POOL}`,
  ScaleNodePool: `POST ${POOL}/operation/scale {}`,
  UpgradeNodePool: `POST ${POOL}/operation/upgrade {}`,
  AddNodesToNodePool: `POST ${POOL}/nodes/add {}`,
  ShowNodePoolConfigurations: `GET ${POOL}/configuration`,
  UpdateNodePoolConfiguration: `PUT ${POOL}/configuration {}`,
  ShowNodePoolConfigurationDetails: `GET ${POOL}/configuration/detail`,
  // Add-ons.
  ListAddonTemplates: "GET /api/v3/addontemplates",
  CreateAddonInstance: "POST /api/v3/addons {}",
  ListAddonInstances: "GET /api/v3/addons",
  ShowAddonInstance: "GET /api/v3/addons/:id",
  UpdateAddonInstance: "PUT /api/v3/addons/:id {}",
  DeleteAddonInstance: "DELETE /api/v3/addons/:id",
  RollbackAddonInstance: "POST /api/v3/addons/:id/operation/rollback {}",
  // Partitions and storage.
  CreatePartition: `POST ${CLUSTER}/partitions {}`,
  ListPartitions: `GET ${CLUSTER}/partitions`,
  ShowPartition: `GET ${CLUSTER}/partitions/:partition_name`,
  UpdatePartition: `PUT ${CLUSTER}/partitions/:partition_name {}`,
  CreateCloudPersistentVolumeClaims: "POST /api/v1/namespaces/:namespace/cloudpersistentvolumeclaims {}",
  DeleteCloudPersistentVolumeClaims: "DELETE /api/v1/namespaces/:namespace/cloudpersistentvolumeclaims/:name",
  // What newer releases have beside that.
  BatchChangeNodeToPeriod: `POST ${NODES}/toperiod`,
  BatchCreateAddonPrecheck: `POST ${CLUSTER}/addons/precheck`,
  GetClusterQuota: "GET /cce/v1/projects/:project_id/quota",
  GetCustomizeTags: "GET /cce/v1/:project_id/:resource_type/tags",
  GetLabels: `GET ${CLUSTER}/labels`,
  GetResourceTags: "GET /cce/v1/:project_id/:resource_type/:resource_id/tags",
  InplaceMigrateNode: `POST ${NODES}/operation/in-place-migrateto/:target_cluster_id`,
  ListAddonPrecheckTasks: `GET ${CLUSTER}/addons/precheck/tasks`,
  ListHyperNodes: `GET ${CLUSTER}/hypernodes`,
  MigrateToNodePool: `PUT ${POOL}/nodes/migrate`,
  RotateNodeCert: `POST ${NODES}/rotate-cert`,
  ShowClusterSupportConfiguration: "GET /api/v3/clusters/configuration/detail",
  ShowFeatureGates: "GET /api/v3.1/feature-gates",
  // Permissions and long-lived keys.
  AssumeAgencyForPodIdentity: `POST ${CLUSTER}/assume-agency-for-pod-identity`,
  CreateAccessPolicy: "POST /api/v3/access-policies",
  CreatePodIdentityAssociation: `POST ${CLUSTER}/pod-identity-associations`,
  DeleteAccessPolicy: "DELETE /api/v3/access-policies/:policy_id",
  DeletePodIdentityAssociation: `DELETE ${CLUSTER}/pod-identity-associations/:association_id`,
  GetAccessPolicy: "GET /api/v3/access-policies/:policy_id",
  GetClusterLongAkskConfig: `GET ${CLUSTER}/longaksk/config`,
  GetLongAkskConfig: `GET ${PROJECT}/longaksk/config`,
  ListAccessPolicy: "GET /api/v3/access-policies",
  ListPodIdentityAssociations: `GET ${CLUSTER}/pod-identity-associations`,
  ShowPodIdentityAssociation: `GET ${CLUSTER}/pod-identity-associations/:association_id`,
  UpdateAccessPolicy: "PUT /api/v3/access-policies/:policy_id",
  UpdateClusterLongAkskConfig: `PUT ${CLUSTER}/longaksk/config`,
  UpdateLongAkskConfig: `PUT ${PROJECT}/longaksk/config`,
  UpdatePodIdentityAssociation: `PUT ${CLUSTER}/pod-identity-associations/:association_id`,
  // Charts and their releases.
  CreateRelease: `POST ${RELEASES}`,
  DeleteChart: "DELETE /v2/charts/:chart_id",
  DeleteRelease: `DELETE ${RELEASE}`,
  DownloadChart: "GET /v2/charts/:chart_id/archive",
  ListCharts: "GET /v2/charts",
  ListReleases: `GET ${RELEASES}`,
  ShowChart: "GET /v2/charts/:chart_id",
  ShowChartValues: "GET /v2/charts/:chart_id/values",
  ShowRelease: `GET ${RELEASE}`,
  ShowReleaseHistory: `GET ${RELEASE}/history`,
  ShowUserChartsQuotas: "GET /v2/charts/:project_id/quotas",
  UpdateChart: "PUT /v2/charts/:chart_id",
  UpdateRelease: `PUT ${RELEASE}`,
  UploadChart: "POST /v2/charts",
  // Image caches.
  CreateImageCache: "POST /v5/imagecaches",
  ListImageCaches: "GET /v5/imagecaches",
  ShowImageCache: "GET /v5/imagecaches/:image_cache_id",
  DeleteImageCache: "DELETE /v5/imagecaches/:image_cache_id",
  ...autopilotOperations,
} as const satisfies OperationTable;

/** Operations for who has no token yet. */
const publicOperations: Partial<Record<CceOperationName, Pick<CceOperation, "isPublic">>> = {
  ShowVersion: { isPublic: true },
};

/** All operations: what is known of a path that no route serves. */
export const cceOperations: readonly CceOperation[] = operationsOf("cce", documented).map((operation) => ({
  ...operation,
  ...publicOperations[operation.name],
}));

/** The operation of a name, and Fastify's options for its route. */
export const { find: cceOperation, routeOf } = operationFinder(cceOperations);
