import { choice, object, text, texts } from "../../../../common/parameters/parameter.ts";
import {
  alternativeName,
  fileLength,
  longestCertificateName,
  mostCertificateNames,
} from "../../../../common/parameters/value-rules.ts";
import { publicKeys } from "../pem.ts";
import { documented, seen } from "./common.ts";

const authentication = {
  mode: choice(["x509", "authenticating_proxy", "rbac"], {
    kinds: documented,
    defaultIs: "`x509` where a version up to 1.11 is asked for, else `rbac`",
    meaning:
      "How clients are known: by certificates, or by a proxy in front as well. `rbac`, from newer versions, is like `x509`.",
    effect:
      "With `authenticating_proxy` the API server believes the `X-Remote-User` headers of a proxy that has a certificate of `ca`.",
    observed: "ConfigMap `extension-apiserver-authentication` in `kube-system`; a request with such headers",
  }),
  authenticatingProxy: object(
    {
      ca: text({
        kinds: documented,
        maxLength: fileLength,
        requiredWhen: "the mode is `authenticating_proxy`",
        meaning: "Certificates that the proxy's own is signed by.",
        effect: "In `--requestheader-client-ca-file` of the API server; without effect in the other modes.",
        observed:
          "`requestheader-client-ca-file` in ConfigMap `extension-apiserver-authentication`; a request through a proxy",
        conditions: ["Base64 of PEM certificates", `with keys that are ${publicKeys}`],
      }),
      cert: text({
        kinds: [],
        maxLength: fileLength,
        meaning: "Certificate of the proxy.",
        effect: "Checked; the API server does not need it, and an event says so.",
        observed: "event `RequestTaken`",
        conditions: ["Base64 of a PEM certificate, signed by `ca`", "together with `privateKey`"],
      }),
      privateKey: text({
        kinds: [],
        maxLength: fileLength,
        meaning: "Key of that certificate.",
        effect: "Checked and never shown; the API server does not need it, and an event says so.",
        observed: "event `RequestTaken`; it is in no answer",
        conditions: ["Base64 of a PEM key that belongs to `cert`"],
      }),
    },
    {
      kinds: documented,
      requiredWhen: "the mode is `authenticating_proxy`",
      meaning: "The proxy that says who sends a request.",
      effect: "See its members.",
      observed: `${seen.show}, without keys`,
    },
  ),
};

/** Members of `spec`: who reaches the API server, and what protects the cluster's data. */
export const authenticationParameters = {
  authentication: object(authentication, {
    kinds: documented,
    meaning:
      "How the API server knows its clients; the documents have it in the answer only, and it is taken in requests.",
    effect: "See its members.",
    observed: seen.show,
  }),
  customSan: texts({
    kinds: [],
    maxItems: mostCertificateNames,
    item: { maxLength: longestCertificateName, rule: alternativeName },
    meaning: "Further names and addresses of the API server.",
    effect: "In the serving certificate of every API server.",
    observed: "`openssl s_client`; ShowCluster",
  }),
  encryptionConfig: object(
    {
      mode: choice(["Default", "KMS"], {
        kinds: [],
        defaultIs: "`KMS` where a key is named",
        meaning: "What Secrets are encrypted with at rest: a key of the service's or of the user's.",
        effect: "Secrets are encrypted in etcd, with `KMS` by a key of the name `kmsKeyID`.",
        observed: "the Secret's value in etcd begins with `k8s:enc:`",
      }),
      kmsKeyID: text({
        kinds: [],
        maxLength: 128,
        requiredWhen: "the mode is `KMS`",
        meaning: "Id of the KMS key.",
        effect: "Names the key; without effect in the mode `Default`.",
        observed: "the Secret's value in etcd begins with `k8s:enc:`",
      }),
    },
    { kinds: [], meaning: "Encryption of Secrets at rest.", effect: "See its members.", observed: seen.show },
  ),
};
