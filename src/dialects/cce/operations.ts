import { type Operation, type OperationTable, operationFinder, operationsOf } from "../common/operation.ts";
import { autopilotOperations } from "./autopilot-operations.ts";

/** One operation of the CCE API. */
export type CceOperation = Operation<CceOperationName>;

/** The name of an operation. */
export type CceOperationName = keyof typeof documented;

const project = "/api/v3/projects/:project_id";
const clusters = `${project}/clusters` as const;
const cluster = `${clusters}/:cluster_id` as const;
const operationForm = `${cluster}/operation` as const;
const nodes = `${cluster}/nodes` as const;
const pools = `${cluster}/nodepools` as const;
const pool = `${pools}/:nodepool_id` as const;
const releases = "/cce/cam/v3/clusters/:cluster_id/releases";
const release = "/cce/cam/v3/clusters/:cluster_id/namespace/:namespace/releases/:name";

/**
 * The operations of the API as its documents and official SDKs have them: method, path, and for the body `{}` an object,
 * `{}?` one that may be left out. The SDKs send a body with every GET; it means nothing.
 */
const documented = {
  // Clusters.
  CreateCluster: `POST ${clusters} {}`,
  ListClusters: `GET ${clusters}`,
  ShowCluster: `GET ${cluster}`,
  UpdateCluster: `PUT ${cluster} {}`,
  DeleteCluster: `DELETE ${cluster}`,
  GetKubernetesClusterCert: `GET ${cluster}/clustercert`,
  CreateKubernetesClusterCert: `POST ${cluster}/clustercert {}?`,
  RevokeKubernetesClusterCert: `POST ${cluster}/clustercertrevoke {}`,
  RotateCredentials: `POST ${cluster}/rotatecredentials {}?`,
  ShowClusterEndpoints: `GET ${cluster}/openapi`,
  UpdateClusterEip: `PUT ${cluster}/mastereip {}`,
  HibernateCluster: `POST ${operationForm}/hibernate`,
  AwakeCluster: `POST ${operationForm}/awake`,
  ResizeCluster: `POST ${operationForm}/resize {}`,
  BatchCreateClusterTags: `POST ${cluster}/tags/create {}`,
  BatchDeleteClusterTags: `POST ${cluster}/tags/delete {}`,
  ShowClusterConfigurationDetails: `GET ${cluster}/configuration/detail`,
  ShowClusterConfig: `GET ${project}/cluster/:cluster_id/log-configs`,
  UpdateClusterLogConfig: `PUT ${project}/cluster/:cluster_id/log-configs {}`,
  ShowJob: `GET ${project}/jobs/:job_id`,
  ShowQuotas: `GET ${project}/quotas`,
  ShowVersion: "GET /",
  ListClusterFlavors: "GET /api/v2/flavor/specifications",
  ListAvailabilityZones: "GET /api/v2/availabilityZones",
  // Upgrade.
  ListClusterUpgradePaths: "GET /api/v3/clusterupgradepaths",
  ListClusterUpgradeFeatureGates: "GET /api/v3/clusterupgradefeaturegates",
  ShowClusterUpgradeInfo: `GET ${cluster}/upgradeinfo`,
  UpgradeCluster: `POST ${operationForm}/upgrade {}`,
  ListUpgradeClusterTasks: `GET ${operationForm}/upgrade/tasks`,
  ShowUpgradeClusterTask: `GET ${operationForm}/upgrade/tasks/:task_id`,
  PauseUpgradeClusterTask: `POST ${operationForm}/upgrade/pause`,
  ContinueUpgradeClusterTask: `POST ${operationForm}/upgrade/continue`,
  RetryUpgradeClusterTask: `POST ${operationForm}/upgrade/retry`,
  CreatePreCheck: `POST ${operationForm}/precheck {}`,
  ListPreCheckTasks: `GET ${operationForm}/precheck/tasks`,
  ShowPreCheck: `GET ${operationForm}/precheck/tasks/:task_id`,
  CreatePostCheck: `POST ${operationForm}/postcheck {}`,
  CreateClusterMasterSnapshot: "POST /api/v3.1/projects/:project_id/clusters/:cluster_id/operation/snapshot",
  ListClusterMasterSnapshotTasks: "GET /api/v3.1/projects/:project_id/clusters/:cluster_id/operation/snapshot/tasks",
  CreateUpgradeWorkFlow: `POST ${operationForm}/upgradeworkflows {}`,
  ListUpgradeWorkFlows: `GET ${operationForm}/upgradeworkflows`,
  ShowUpgradeWorkFlow: `GET ${operationForm}/upgradeworkflows/:upgrade_workflow_id`,
  UpgradeWorkFlowUpdate: `PATCH ${operationForm}/upgradeworkflows/:upgrade_workflow_id {}`,
  // Nodes.
  CreateNode: `POST ${nodes} {}`,
  ListNodes: `GET ${nodes}`,
  ShowNode: `GET ${nodes}/:node_id`,
  UpdateNode: `PUT ${nodes}/:node_id {}`,
  DeleteNode: `DELETE ${nodes}/:node_id`,
  AddNode: `POST ${nodes}/add {}`,
  ResetNode: `POST ${nodes}/reset {}`,
  RemoveNode: `PUT ${nodes}/operation/remove {}`,
  MigrateNode: `PUT ${nodes}/operation/migrateto/:target_cluster_id {}`,
  LockNodeScaledown: `POST ${nodes}/locknodescaledown {}`,
  UnlockNodeScaledown: `POST ${nodes}/unlocknodescaledown {}`,
  BatchSyncNodes: `POST ${nodes}/sync {}`,
  SyncNode: "GET /api/v2/projects/:project_id/clusters/:cluster_id/nodes/:node_id/sync",
  // Node pools.
  CreateNodePool: `POST ${pools} {}`,
  ListNodePools: `GET ${pools}`,
  ShowNodePool: `GET ${pool}`,
  UpdateNodePool: `PUT ${pool} {}`,
  DeleteNodePool: `DELETE ${pool}`,
  ScaleNodePool: `POST ${pool}/operation/scale {}`,
  UpgradeNodePool: `POST ${pool}/operation/upgrade {}`,
  AddNodesToNodePool: `POST ${pool}/nodes/add {}`,
  ShowNodePoolConfigurations: `GET ${pool}/configuration`,
  UpdateNodePoolConfiguration: `PUT ${pool}/configuration {}`,
  ShowNodePoolConfigurationDetails: `GET ${pool}/configuration/detail`,
  // Add-ons.
  ListAddonTemplates: "GET /api/v3/addontemplates",
  CreateAddonInstance: "POST /api/v3/addons {}",
  ListAddonInstances: "GET /api/v3/addons",
  ShowAddonInstance: "GET /api/v3/addons/:id",
  UpdateAddonInstance: "PUT /api/v3/addons/:id {}",
  DeleteAddonInstance: "DELETE /api/v3/addons/:id",
  RollbackAddonInstance: "POST /api/v3/addons/:id/operation/rollback {}",
  // Partitions and storage.
  CreatePartition: `POST ${cluster}/partitions {}`,
  ListPartitions: `GET ${cluster}/partitions`,
  ShowPartition: `GET ${cluster}/partitions/:partition_name`,
  UpdatePartition: `PUT ${cluster}/partitions/:partition_name {}`,
  CreateCloudPersistentVolumeClaims: "POST /api/v1/namespaces/:namespace/cloudpersistentvolumeclaims {}",
  DeleteCloudPersistentVolumeClaims: "DELETE /api/v1/namespaces/:namespace/cloudpersistentvolumeclaims/:name",
  // What newer releases have beside that.
  BatchChangeNodeToPeriod: `POST ${nodes}/toperiod`,
  BatchCreateAddonPrecheck: `POST ${cluster}/addons/precheck`,
  GetClusterQuota: "GET /cce/v1/projects/:project_id/quota",
  GetCustomizeTags: "GET /cce/v1/:project_id/:resource_type/tags",
  GetLabels: `GET ${cluster}/labels`,
  GetResourceTags: "GET /cce/v1/:project_id/:resource_type/:resource_id/tags",
  InplaceMigrateNode: `POST ${nodes}/operation/in-place-migrateto/:target_cluster_id`,
  ListAddonPrecheckTasks: `GET ${cluster}/addons/precheck/tasks`,
  ListHyperNodes: `GET ${cluster}/hypernodes`,
  MigrateToNodePool: `PUT ${pool}/nodes/migrate`,
  RotateNodeCert: `POST ${nodes}/rotate-cert`,
  ShowClusterSupportConfiguration: "GET /api/v3/clusters/configuration/detail",
  ShowFeatureGates: "GET /api/v3.1/feature-gates",
  // Permissions and long-lived keys.
  AssumeAgencyForPodIdentity: `POST ${cluster}/assume-agency-for-pod-identity`,
  CreateAccessPolicy: "POST /api/v3/access-policies",
  CreatePodIdentityAssociation: `POST ${cluster}/pod-identity-associations`,
  DeleteAccessPolicy: "DELETE /api/v3/access-policies/:policy_id",
  DeletePodIdentityAssociation: `DELETE ${cluster}/pod-identity-associations/:association_id`,
  GetAccessPolicy: "GET /api/v3/access-policies/:policy_id",
  GetClusterLongAkskConfig: `GET ${cluster}/longaksk/config`,
  GetLongAkskConfig: `GET ${project}/longaksk/config`,
  ListAccessPolicy: "GET /api/v3/access-policies",
  ListPodIdentityAssociations: `GET ${cluster}/pod-identity-associations`,
  ShowPodIdentityAssociation: `GET ${cluster}/pod-identity-associations/:association_id`,
  UpdateAccessPolicy: "PUT /api/v3/access-policies/:policy_id",
  UpdateClusterLongAkskConfig: `PUT ${cluster}/longaksk/config`,
  UpdateLongAkskConfig: `PUT ${project}/longaksk/config`,
  UpdatePodIdentityAssociation: `PUT ${cluster}/pod-identity-associations/:association_id`,
  // Charts and their releases.
  CreateRelease: `POST ${releases}`,
  DeleteChart: "DELETE /v2/charts/:chart_id",
  DeleteRelease: `DELETE ${release}`,
  DownloadChart: "GET /v2/charts/:chart_id/archive",
  ListCharts: "GET /v2/charts",
  ListReleases: `GET ${releases}`,
  ShowChart: "GET /v2/charts/:chart_id",
  ShowChartValues: "GET /v2/charts/:chart_id/values",
  ShowRelease: `GET ${release}`,
  ShowReleaseHistory: `GET ${release}/history`,
  ShowUserChartsQuotas: "GET /v2/charts/:project_id/quotas",
  UpdateChart: "PUT /v2/charts/:chart_id",
  UpdateRelease: `PUT ${release}`,
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
export const { find: cceOperation, routeOf } = operationFinder<typeof documented>(cceOperations);
