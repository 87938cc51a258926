import { flag, object, text, texts } from "../../../../common/parameters/parameter.ts";
import {
  alternativeName,
  fileLength,
  longestCertificateName,
  mostCertificateNames,
} from "../../../../common/parameters/value-rules.ts";
import { alternativeNames, audiences, clusterDomain, tokenIssuer } from "../value-rules.ts";
import { both, recorded, seen } from "./common.ts";

/** The API server, its certificate and its tokens. */
export const apiServerParameters = {
  cluster_domain: text({
    kinds: both,
    rule: clusterDomain,
    default: "cluster.local",
    meaning: "DNS domain of the cluster.",
    effect: "In the configuration of CoreDNS and the kubelets, and in the serving certificate.",
    observed: "ConfigMap `coredns` in `kube-system`; `openssl s_client`",
  }),
  custom_san: text({
    kinds: both,
    maxLength: mostCertificateNames * (longestCertificateName + ", ".length),
    rule: alternativeNames,
    meaning: "Further names and addresses of the API server.",
    effect: "In the serving certificate of every API server.",
    observed: "`openssl s_client`; `extra_sans` of DescribeClusterDetail",
  }),
  extra_sans: texts({
    kinds: [],
    maxItems: mostCertificateNames,
    item: { maxLength: longestCertificateName, rule: alternativeName },
    meaning: "Further names and addresses of the API server, as newer clients send them.",
    effect: "As `custom_san`.",
    observed: "`openssl s_client`; `extra_sans` of DescribeClusterDetail",
  }),
  service_account_issuer: text({
    kinds: both,
    rule: tokenIssuer,
    default: "https://kubernetes.default.svc",
    meaning: "Issuer of service-account tokens.",
    effect: "`--service-account-issuer` of the API server.",
    observed: "`iss` of a token from `kubectl create token`",
  }),
  api_audiences: text({
    kinds: both,
    rule: audiences,
    defaultIs: "the issuer",
    meaning: "Audiences of service-account tokens, separated by commas.",
    effect: "`--api-audiences` of the API server.",
    observed: "`aud` of a token from `kubectl create token`; TokenReview",
  }),
  enable_rrsa: flag({
    kinds: ["dedicated"],
    newerFor: ["managed"],
    default: false,
    meaning: "Whether service accounts can have RAM roles.",
    effect:
      "Issuer, discovery document and keys of the tokens are served, and the token service's audience is accepted.",
    observed: "`rrsa_config` of DescribeClusterDetail; the issuer's `/.well-known/openid-configuration`",
  }),
  rrsa_config: object(
    {
      enabled: flag({
        kinds: [],
        meaning: "Whether service accounts can have RAM roles, as newer clients send it.",
        effect: "As `enable_rrsa`.",
        observed: "`rrsa_config` of DescribeClusterDetail",
      }),
    },
    {
      kinds: [],
      meaning: "RAM roles for service accounts.",
      effect: "See its member.",
      observed: "`rrsa_config` of DescribeClusterDetail",
    },
  ),
  encryption_provider_key: text({
    kinds: ["managed"],
    meaning: "Id of the KMS key that Secrets are encrypted with.",
    effect: "Secrets are encrypted in etcd with a key of that name.",
    observed: "the Secret's value in etcd begins with `k8s:enc:`",
    conditions: ["without effect in the standard tier"],
  }),
  user_ca: text({ ...recorded("Certificate authority of the user's own, as PEM."), maxLength: fileLength }),
  node_port_range: text(recorded("Ports of NodePort Services.")),
  access_control_list: texts(recorded("Addresses that may reach the API server of a registered cluster.")),
  audit_log_config: object(
    {
      enabled: flag({
        kinds: [],
        meaning: "Whether the API server writes an audit log, as newer clients send it.",
        effect: "As the add-on `logtail-ds`.",
        observed: seen.echo,
      }),
      sls_project_name: text({
        kinds: [],
        meaning: "Log project of the audit log.",
        effect: "As `sls_project_name` in the add-on's settings.",
        observed: seen.echo,
      }),
    },
    { kinds: [], meaning: "Audit log.", effect: "See its members.", observed: seen.echo },
  ),
  controlplane_log_components: texts(recorded("Parts of the control plane whose logs are collected.")),
  controlplane_log_project: text(recorded("Log project of those logs.")),
  controlplane_log_ttl: text(recorded("Days that those logs are kept.")),
  logging_type: text(recorded("Where a serverless cluster's logs go.")),
  service_discovery_types: texts(recorded("How services are found in a serverless cluster.")),
};
