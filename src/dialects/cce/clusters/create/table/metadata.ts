import { choice, map, object, required, text } from "../../../../common/parameters/parameter.ts";
import { timeZone } from "../../../../common/parameters/value-rules.ts";
import { answered, documented, seen } from "./common.ts";

/** The envelope of the object, without its `spec`. */
export const envelopeParameters = {
  kind: required(
    choice(["Cluster"], {
      kinds: documented,
      meaning: "Kind of the object.",
      effect: "Shown as it was sent; another one is refused.",
      observed: `the answer; ${seen.show}`,
    }),
  ),
  apiVersion: required(
    choice(["v3"], {
      kinds: documented,
      meaning: "Version of the API that the object is of; terraform spells it `apiversion`.",
      effect: "Shown as it was sent; another one is refused.",
      observed: `the answer; ${seen.show}`,
      conditions: ["its name, like `kind`, `metadata` and `spec`, in upper or lower case"],
    }),
  ),
  metadata: required(
    object(
      {
        name: required(
          text({
            kinds: documented,
            maxLength: 128,
            meaning: "Name of the cluster; the documents have no rule for it, and two clusters may share one.",
            effect: "The cluster's name, in the answers, in the cluster and in kubeconfigs.",
            observed: `\`metadata.name\` of ${seen.show}; ${seen.info}`,
          }),
        ),
        labels: map({
          kinds: documented,
          meaning: "Labels of the cluster as an object.",
          effect: "Shown, and labels of a ConfigMap; what Kubernetes refuses as a label is an annotation there.",
          observed: `\`metadata.labels\` of ${seen.show}; labels of ${seen.info}`,
          conditions: ["each a text"],
        }),
        annotations: map({
          kinds: documented,
          meaning: "Annotations of the cluster as an object.",
          effect: "Shown, and annotations of a ConfigMap.",
          observed: `\`metadata.annotations\` of ${seen.show}; annotations of ${seen.info}`,
          conditions: ["each a text"],
        }),
        alias: text({
          kinds: [],
          maxLength: 128,
          defaultIs: "the name",
          meaning: "Name for people.",
          effect: "Shown, and in a ConfigMap.",
          observed: `\`metadata.alias\` of ${seen.show}; ${seen.info}`,
        }),
        timezone: text({
          kinds: [],
          rule: timeZone,
          defaultIs: "the machine's",
          meaning: "Time zone.",
          effect: "`TZ` of the control plane's processes, so that CronJobs follow it.",
          observed: `environment of the processes; \`metadata.timezone\` of ${seen.show}`,
        }),
        uid: text(answered("Id of the cluster.")),
        creationTimestamp: text(answered("When the cluster was made.")),
        updateTimestamp: text(answered("When it was changed last.")),
      },
      {
        kinds: documented,
        meaning: "What the cluster is called.",
        effect: "See its members.",
        observed: `\`metadata\` of ${seen.show}`,
      },
    ),
  ),
  status: object({}, answered("State of the cluster.")),
};
