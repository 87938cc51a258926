import { type Member, memberReader } from "../members.ts";

/** A project as it is asked for. */
export interface NewProject {
  name: string;
  domainId: string | undefined;
  parentId: string | undefined;
}

const nameForm = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(_[\w-]+)?$/;
const longestName = 64;

/**
 * Reads the body of `POST /v3/projects`.
 * @throws {ApiError} `IAM.BadRequest`, naming every violation
 */
export function readNewProject(body: Member["value"]): NewProject {
  const read = memberReader();
  const project = read.object({ place: "", value: body }, "project");
  if (!project) {
    read.violation("project", "is mandatory, an object");
    return read.result<NewProject>(undefined);
  }
  const name = read.text(project, "name");
  const domainId = read.text(project, "domain_id");
  const parentId = read.text(project, "parent_id");
  if (name === undefined) read.violation("project.name", "is mandatory, a text");
  else if (!nameForm.test(name) || name.length > longestName)
    read.violation(
      "project.name",
      `must be a region as in cn-north-4, or a region with a suffix as in cn-north-4_test, of at most ${longestName} characters`,
    );
  return read.result(name === undefined ? undefined : { name, domainId, parentId });
}
