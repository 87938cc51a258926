import { requestBody } from "../../../common/checked-body.ts";
import { choice, object, required, text } from "../../../common/parameters/parameter.ts";
import { missing } from "../../../common/parameters/value-check.ts";
import { idLength } from "../create/table/common.ts";

const address = {
  id: text({ maxLength: idLength, requiredWhen: "one is bound", meaning: "Id of the public address." }),
};

/** The body of UpdateClusterEip. */
export const eipBody = requestBody({
  members: {
    spec: required(
      object(
        {
          action: required(choice(["bind", "unbind"], { meaning: "Whether the address is bound, or taken away." })),
          spec: object(address, { meaning: "The public address." }),
        },
        { meaning: "What is to be done." },
      ),
    ),
  },
  description: "What becomes of the public address of the API server.",
  rules: [
    ({ given: { spec } }) =>
      spec?.action === "bind" && !spec.spec?.id ? [missing("spec.spec.id", "name the public address to bind")] : [],
  ],
});
