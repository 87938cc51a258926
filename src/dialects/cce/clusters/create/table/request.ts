import { type Members, required, text } from "../../../../common/parameters/parameter.ts";
import { documented } from "./common.ts";

/** What CreateCluster takes beside its body, for the documentation: the server itself checks it for every operation. */
export const requestParameters = {
  project_id: required(
    text({
      kinds: documented,
      meaning: "In the path: id of the project that the cluster is made in.",
      effect: "The cluster is the project's; other projects do not see it.",
      observed: "ListClusters and ShowCluster in another project",
      conditions: ["a project of the caller's"],
    }),
  ),
  "Content-Type": required(
    text({
      kinds: documented,
      meaning: "Header: type of the body.",
      effect: "Another one is refused.",
      observed: "the status of the answer",
      conditions: ["`application/json`, with or without `;charset=utf-8`"],
    }),
  ),
  "X-Auth-Token": text({
    kinds: documented,
    requiredWhen: "the request is not signed with an access key",
    meaning: "Header: token of a user.",
    effect: "Says who sends the request; a wrong one is refused.",
    observed: "the status of the answer",
  }),
} satisfies Members;
