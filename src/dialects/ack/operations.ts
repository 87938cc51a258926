import { type Operation, type OperationTable, operationFinder, operationsOf } from "../common/operation.ts";

/** One operation of the ACK API. With `Response` after its name, that is the root of XML answers. */
export type AckOperation = Operation<AckOperationName>;

/** The name of an operation, documented or older. */
export type AckOperationName = keyof typeof documented | keyof typeof older;

/**
 * All 148 operations of the API of 2015-12-15: method, path, and for the body `{}` an object, `[]` an array, `{}?` an
 * object that may be left out because every member is optional and none is needed.
 */
const documented = {
  // Clusters.
  CreateCluster: "POST /clusters {}",
  DescribeClusters: "GET /clusters",
  DescribeClustersV1: "GET /api/v1/clusters",
  DescribeClustersForRegion: "GET /regions/:RegionId/clusters",
  DescribeClusterDetail: "GET /clusters/:ClusterId",
  ModifyCluster: "PUT /api/v2/clusters/:ClusterId {}",
  DeleteCluster: "DELETE /clusters/:ClusterId",
  MigrateCluster: "POST /clusters/:ClusterId/migrate {}",
  DescribeClusterResources: "GET /clusters/:ClusterId/resources",
  DescribeClusterLogs: "GET /clusters/:ClusterId/logs",
  DescribeKubernetesVersionMetadata: "GET /api/v1/metadata/versions",
  DescribeRegions: "GET /regions",
  DescribeUserQuota: "GET /quota",
  UpdateKMSEncryption: "PUT /clusters/:ClusterId/kms {}",
  CheckControlPlaneLogEnable: "GET /clusters/:ClusterId/controlplanelog",
  UpdateControlPlaneLog: "PUT /clusters/:ClusterId/controlplanelog {}",
  GetClusterAuditProject: "GET /clusters/:ClusterId/audit",
  UpdateClusterAuditLogConfig: "PUT /clusters/:ClusterId/audit_log {}",
  // Upgrade.
  UpgradeCluster: "POST /api/v2/clusters/:ClusterId/upgrade {}",
  GetUpgradeStatus: "GET /api/v2/clusters/:ClusterId/upgrade/status",
  PauseClusterUpgrade: "POST /api/v2/clusters/:ClusterId/upgrade/pause",
  ResumeUpgradeCluster: "POST /api/v2/clusters/:ClusterId/upgrade/resume",
  CancelClusterUpgrade: "POST /api/v2/clusters/:ClusterId/upgrade/cancel",
  ListOperationPlans: "GET /operation/plans",
  ListOperationPlansForRegion: "GET /regions/:RegionId/operation/plans",
  CancelOperationPlan: "DELETE /operation/plans/:PlanId",
  // Tasks and events.
  DescribeTaskInfo: "GET /tasks/:TaskId",
  DescribeClusterTasks: "GET /clusters/:ClusterId/tasks",
  CancelTask: "POST /tasks/:TaskId/cancel",
  PauseTask: "POST /tasks/:TaskId/pause",
  ResumeTask: "POST /tasks/:TaskId/resume",
  DescribeClusterEvents: "GET /clusters/:ClusterId/events",
  DescribeEvents: "GET /events",
  DescribeEventsForRegion: "GET /regions/:RegionId/events",
  // Kubeconfig and permissions.
  DescribeClusterUserKubeconfig: "GET /k8s/:ClusterId/user_config",
  DescribeClusterV2UserKubeconfig: "GET /api/v2/k8s/:ClusterId/user_config",
  DescribeSubaccountK8sClusterUserConfig: "GET /k8s/:ClusterId/users/:Uid/user_config",
  UpdateK8sClusterUserConfigExpire: "POST /k8s/:ClusterId/user_config/expire {}",
  RevokeK8sClusterKubeConfig: "DELETE /k8s/:ClusterId/certs",
  ListClusterKubeconfigStates: "GET /clusters/:ClusterId/kubeconfig/states",
  ListUserKubeConfigStates: "GET /users/:Uid/kubeconfig/states",
  DescribeExternalAgent: "GET /k8s/:ClusterId/external/agent/deployment",
  GrantPermissions: "POST /permissions/users/:Uid []",
  UpdateUserPermissions: "POST /permissions/users/:Uid/update []",
  DescribeUserPermission: "GET /permissions/users/:Uid",
  CleanClusterUserPermissions: "DELETE /cluster/:ClusterId/user/:Uid/permissions",
  CleanUserPermissions: "DELETE /users/:Uid/permissions",
  DescribeUserClusterNamespaces: "GET /api/v2/k8s/:ClusterId/namespaces",
  CheckServiceRole: "POST /ram/check-service-role {}",
  OpenAckService: "POST /service/open",
  // Nodes.
  DescribeClusterNodes: "GET /clusters/:ClusterId/nodes",
  DeleteClusterNodes: "POST /clusters/:ClusterId/nodes {}",
  RemoveClusterNodes: "POST /api/v2/clusters/:ClusterId/nodes/remove {}",
  ScaleOutCluster: "POST /api/v2/clusters/:ClusterId {}",
  AttachInstances: "POST /clusters/:ClusterId/attach {}",
  DescribeClusterAttachScripts: "POST /clusters/:ClusterId/attachscript {}?",
  // Node pools.
  CreateClusterNodePool: "POST /clusters/:ClusterId/nodepools {}",
  DescribeClusterNodePools: "GET /clusters/:ClusterId/nodepools",
  DescribeClusterNodePoolDetail: "GET /clusters/:ClusterId/nodepools/:NodepoolId",
  ModifyClusterNodePool: "PUT /clusters/:ClusterId/nodepools/:NodepoolId {}",
  ScaleClusterNodePool: "POST /clusters/:ClusterId/nodepools/:NodepoolId {}",
  DeleteClusterNodepool: "DELETE /clusters/:ClusterId/nodepools/:NodepoolId",
  AttachInstancesToNodePool: "POST /clusters/:ClusterId/nodepools/:NodepoolId/attach {}",
  RemoveNodePoolNodes: "DELETE /clusters/:ClusterId/nodepools/:NodepoolId/nodes",
  ModifyNodePoolNodeConfig: "PUT /clusters/:ClusterId/nodepools/:NodepoolId/node_config {}",
  UpgradeClusterNodepool: "POST /clusters/:ClusterId/nodepools/:NodepoolId/upgrade {}?",
  RepairClusterNodePool: "POST /clusters/:ClusterId/nodepools/:NodepoolId/repair {}?",
  SyncClusterNodePool: "POST /clusters/:ClusterId/sync_nodepools",
  RunNodeOperation: "POST /clusters/:ClusterId/nodepools/:NodepoolId/nodes/:NodeName/operation {}",
  CreateAutoscalingConfig: "POST /cluster/:ClusterId/autoscale/config/ {}",
  DescribeNodePoolVuls: "GET /clusters/:ClusterId/nodepools/:NodepoolId/vuls",
  FixNodePoolVuls: "POST /clusters/:ClusterId/nodepools/:NodepoolId/vuls/fix {}",
  DescribeClusterVuls: "GET /clusters/:ClusterId/vuls",
  ScanClusterVuls: "POST /clusters/:ClusterId/vuls/scan",
  CreateAutoRepairPolicy: "POST /clusters/:ClusterId/auto_repair_policies {}",
  DescribeAutoRepairPolicy: "GET /clusters/:ClusterId/auto_repair_policies/:PolicyId",
  ListAutoRepairPolicies: "GET /clusters/:ClusterId/auto_repair_policies",
  ModifyAutoRepairPolicy: "PUT /clusters/:ClusterId/auto_repair_policies/:PolicyId {}",
  DeleteAutoRepairPolicy: "DELETE /clusters/:ClusterId/auto_repair_policies/:PolicyId",
  InstallNodePoolComponents: "POST /clusters/:ClusterId/nodepools/:NodepoolId/components {}",
  UpdateNodePoolComponent: "PUT /clusters/:ClusterId/nodepools/:NodepoolId/component {}",
  ListNodePoolComponents: "GET /clusters/:ClusterId/nodepool_components",
  CreateNodePoolComponentInstances: "POST /clusters/:ClusterId/nodepools/:NodepoolId/component_instances {}",
  ListNodePoolComponentInstances: "GET /clusters/:ClusterId/nodepools/:NodepoolId/component_instances",
  ListNodePoolComponentInstanceNodes: "GET /clusters/:ClusterId/nodepools/:NodepoolId/component_instances/:Name/nodes",
  UpdateNodePoolComponentInstance: "PUT /clusters/:ClusterId/nodepools/:NodepoolId/component_instances/:Name {}",
  DeleteNodePoolComponentInstance: "DELETE /clusters/:ClusterId/nodepools/:NodepoolId/component_instances/:Name",
  // Addons.
  ListAddons: "GET /addons",
  DescribeAddon: "GET /addons/:AddonName",
  ListClusterAddonInstances: "GET /clusters/:ClusterId/addon_instances",
  GetClusterAddonInstance: "GET /clusters/:ClusterId/addon_instances/:InstanceName",
  ListClusterAddonInstanceResources: "GET /clusters/:ClusterId/addon_instances/:InstanceName/resources",
  InstallClusterAddons: "POST /clusters/:ClusterId/components/install []",
  UpgradeClusterAddons: "POST /clusters/:ClusterId/components/upgrade []",
  ModifyClusterAddon: "POST /clusters/:ClusterId/components/:ComponentId/config {}",
  UnInstallClusterAddons: "POST /clusters/:ClusterId/components/uninstall []",
  DescribeAddons: "GET /clusters/components/metadata",
  DescribeClusterAddonsVersion: "GET /clusters/:ClusterId/components/version",
  DescribeClusterAddonsUpgradeStatus: "GET /clusters/:ClusterId/components/upgradestatus",
  DescribeClusterAddonUpgradeStatus: "GET /clusters/:ClusterId/components/:ComponentId/upgradestatus",
  DescribeClusterAddonInstance: "GET /clusters/:ClusterId/components/:AddonName/instance",
  DescribeClusterAddonMetadata: "GET /clusters/:ClusterId/components/:ComponentId/metadata",
  PauseComponentUpgrade: "POST /clusters/:ClusterId/components/:ComponentId/pause",
  ResumeComponentUpgrade: "POST /clusters/:ClusterId/components/:ComponentId/resume",
  CancelComponentUpgrade: "POST /clusters/:ClusterId/components/:ComponentId/cancel",
  // Tags.
  TagResources: "PUT /tags {}",
  UntagResources: "DELETE /tags",
  ListTagResources: "GET /tags",
  ModifyClusterTags: "POST /clusters/:ClusterId/tags []",
  // Policies.
  DescribePolicies: "GET /policies",
  DescribePolicyDetails: "GET /policies/:PolicyName",
  DeployPolicyInstance: "POST /clusters/:ClusterId/policies/:PolicyName {}",
  ModifyPolicyInstance: "PUT /clusters/:ClusterId/policies/:PolicyName {}",
  DeletePolicyInstance: "DELETE /clusters/:ClusterId/policies/:PolicyName",
  DescribePolicyInstances: "GET /clusters/:ClusterId/policies",
  DescribePolicyInstancesStatus: "GET /clusters/:ClusterId/policies/status",
  DescribePolicyGovernanceInCluster: "GET /clusters/:ClusterId/policygovernance",
  // Checks, diagnosis, inspection.
  RunClusterCheck: "POST /clusters/:ClusterId/checks {}",
  ListClusterChecks: "GET /clusters/:ClusterId/checks",
  GetClusterCheck: "GET /clusters/:ClusterId/checks/:CheckId",
  CreateClusterDiagnosis: "POST /clusters/:ClusterId/diagnosis {}",
  GetClusterDiagnosisResult: "GET /clusters/:ClusterId/diagnosis/:DiagnosisId/result",
  GetClusterDiagnosisCheckItems: "GET /clusters/:ClusterId/diagnosis/:DiagnosisId/check_items",
  CreateClusterInspectConfig: "POST /clusters/:ClusterId/inspectConfig {}",
  GetClusterInspectConfig: "GET /clusters/:ClusterId/inspectConfig",
  UpdateClusterInspectConfig: "PUT /clusters/:ClusterId/inspectConfig {}",
  DeleteClusterInspectConfig: "DELETE /clusters/:ClusterId/inspectConfig",
  RunClusterInspect: "POST /clusters/:ClusterId/inspectReports {}?",
  ListClusterInspectReports: "GET /clusters/:ClusterId/inspectReports",
  GetClusterInspectReportDetail: "GET /clusters/:ClusterId/inspectReports/:ReportId",
  // Misc.
  DescribeResourcesDeleteProtection: "GET /clusters/:ClusterId/resources/:ResourceType/protection",
  UpdateResourcesDeleteProtection: "PUT /clusters/:ClusterId/resources/protection {}",
  CreateTemplate: "POST /templates {}",
  DescribeTemplates: "GET /templates",
  DescribeTemplateAttribute: "GET /templates/:TemplateId",
  UpdateTemplate: "PUT /templates/:TemplateId {}",
  DeleteTemplate: "DELETE /templates/:TemplateId",
  CreateTrigger: "POST /clusters/:ClusterId/triggers {}",
  DescribeTrigger: "GET /clusters/:ClusterId/triggers",
  DeleteTrigger: "DELETE /clusters/:ClusterId/triggers/:Id",
  CreateKubernetesTrigger: "POST /triggers {}",
  GetKubernetesTrigger: "GET /triggers/:ClusterId",
  DeleteKubernetesTrigger: "DELETE /triggers/revoke/:Id",
  StartAlert: "POST /alert/:ClusterId/alert_rule/start {}",
  StopAlert: "POST /alert/:ClusterId/alert_rule/stop {}",
  UpdateContactGroupForAlert: "POST /alert/:ClusterId/alert_rule/contact_groups {}",
  DeleteAlertContact: "DELETE /alert/contacts",
  DeleteAlertContactGroup: "DELETE /alert/contact_groups",
} as const satisfies OperationTable;

/** Paths that old clients (aliyungo, and with it parts of the Terraform provider; the first SDKs) call and newer documents leave out. */
const older = {
  CreateClusterInResourceGroup: "POST /resource_groups/:ResourceGroupId/clusters {}",
  RenameCluster: "POST /clusters/:ClusterId/name/:NewName",
  ResizeCluster: "PUT /clusters/:ClusterId {}",
  DescribeClusterEndpoints: "GET /clusters/:ClusterId/endpoints",
  DescribeClusterCerts: "GET /clusters/:ClusterId/certs",
  DescribeClusterTokens: "GET /clusters/:ClusterId/tokens",
  CreateClusterToken: "POST /clusters/:ClusterId/token {}",
  RevokeClusterToken: "DELETE /token/:Token/revoke",
  ModifyClusterConfiguration: "PUT /clusters/:ClusterId/configuration {}",
  StartWorkflow: "POST /gs/workflow {}",
  DescribeWorkflows: "GET /gs/workflows",
  DescribeWorkflow: "GET /gs/workflow/:WorkflowName",
  CancelWorkflow: "PUT /gs/workflow/:WorkflowName {}",
  RemoveWorkflow: "DELETE /gs/workflow/:WorkflowName",
} as const satisfies OperationTable;

/** All documented operations. */
export const documentedOperations: readonly AckOperation[] = operationsOf("ack", documented);

/** The operations of older clients. */
export const olderOperations: readonly AckOperation[] = operationsOf("ack", older);

/** All operations, documented and older: what is known of a path that no route serves. */
export const ackOperations: readonly AckOperation[] = [...documentedOperations, ...olderOperations];

/** The operation of a name, and Fastify's options for its route. */
export const { find: ackOperation, routeOf } = operationFinder<typeof documented & typeof older>(ackOperations);
