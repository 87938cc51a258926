import { requestBody } from "../../common/checked-body.ts";
import { object, required, text, type ValueRule } from "../../common/parameters/parameter.ts";

const form = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(_[\w-]+)?$/;
const longestName = 64;

const projectName: ValueRule = {
  says: `must be a region as in cn-north-4, or a region with a suffix as in cn-north-4_test, of at most ${longestName} characters`,
  holds: (name) => name.length <= longestName && form.test(name),
};

/** The body of KeystoneCreateProject. */
export const projectBody = requestBody({
  members: {
    project: required(
      object(
        {
          name: required(text({ rule: projectName, meaning: "Name of the project." })),
          domain_id: text({ meaning: "Id of the account, which has to be the caller's." }),
          parent_id: text({ meaning: "Id of the account, or of the region's project, that it is below." }),
        },
        { meaning: "The project that is to be made." },
      ),
    ),
  },
  description: "A project as it is wanted.",
});
