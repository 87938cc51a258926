import { randomBytes } from "node:crypto";
import { and, asc, desc, eq } from "drizzle-orm";
import { accounts, clusters, projects } from "../../storage/schema.ts";
import { type Core, within } from "../core.ts";

/** A Huawei Cloud project: a part of an account, in a region, that clusters are in. */
export interface Project {
  /** 32 lower-case hexadecimal digits. */
  id: string;
  accountId: string;
  /** Unique in the account: a region, e.g. `cn-north-4`, or a region with a suffix, `cn-north-4_test`. */
  name: string;
  /** Whether it is the account's first one: the clusters in it have null as their project. */
  isFirst: boolean;
}

const columns = {
  id: projects.id,
  accountId: projects.accountId,
  name: projects.name,
  isFirst: projects.isFirst,
};

/** Whether a project's name is that of a region as Huawei Cloud writes them, e.g. `cn-north-4`. */
export const isRegionName = (name: string): boolean => /^[a-z]{2}-[a-z]{1,32}-\d{1,2}$/.test(name);

/** The region of a project of that name: what is before the first `_`. */
export const projectRegion = (name: string): string => name.split("_", 1)[0] ?? name;

/** 32 hexadecimal digits, as the vendor's ids of domains, projects and users are. */
export const newIdentityId = (): string => randomBytes(16).toString("hex");

/** The account's project of that id; undefined where there is none, or it is another account's. */
export async function findProject(core: Core, accountId: string, id: string): Promise<Project | undefined> {
  const [row] = await core.db
    .select(columns)
    .from(projects)
    .where(and(eq(projects.id, id), eq(projects.accountId, accountId)));
  return row;
}

/** The account's project of that name, or undefined. */
export async function findProjectByName(core: Core, accountId: string, name: string): Promise<Project | undefined> {
  const [row] = await core.db
    .select(columns)
    .from(projects)
    .where(and(eq(projects.name, name), eq(projects.accountId, accountId)));
  return row;
}

/** The account's projects: its first one, then the others in the order in which they were made. */
export async function listProjects(core: Core, accountId: string): Promise<Project[]> {
  return core.db
    .select(columns)
    .from(projects)
    .where(eq(projects.accountId, accountId))
    .orderBy(desc(projects.isFirst), asc(projects.createdAt), asc(projects.id));
}

/** How many projects an account may have. Asking for the project of a region makes one, so that there has to be an end. */
export const mostProjects = 200;

/** Thrown where an account has as many projects as it may have. */
export class TooManyProjectsError extends Error {
  override readonly name = "TooManyProjectsError";

  constructor(name: string) {
    super(
      `There is no project ${name}, and the account has ${mostProjects} projects, as many as it may; use one of them.`,
    );
  }
}

/**
 * Makes a project.
 * @returns undefined where the account has one of that name already
 * @throws {TooManyProjectsError}
 */
export async function createProject(core: Core, accountId: string, name: string): Promise<Project | undefined> {
  return core.db.transaction(async (tx) => {
    const inside = within(core, tx);
    await lockAccount(inside, accountId);
    if (await findProjectByName(inside, accountId, name)) return undefined;
    if ((await tx.$count(projects, eq(projects.accountId, accountId))) >= mostProjects)
      throw new TooManyProjectsError(name);
    const [row] = await tx.insert(projects).values({ id: newIdentityId(), accountId, name }).returning(columns);
    return row;
  });
}

/** Thrown where a project cannot be removed. */
export class ProjectInUseError extends Error {
  override readonly name = "ProjectInUseError";
}

/**
 * Removes a project, and the tokens that are good for it.
 * @returns false where the account has none of that id
 * @throws {ProjectInUseError} for the account's first project, for that of a region, and where clusters are in it
 */
export async function removeProject(core: Core, accountId: string, id: string): Promise<boolean> {
  return core.db.transaction(async (tx) => {
    const isOwn = and(eq(projects.id, id), eq(projects.accountId, accountId));
    const [project] = await tx.select(columns).from(projects).where(isOwn).for("update");
    if (!project) return false;
    if (project.isFirst || isRegionName(project.name))
      throw new ProjectInUseError(
        `The project ${project.name} is the account's first one, or that of a region, which every account has. Only ` +
          "sub-projects, such as cn-north-4_test, can be deleted.",
      );
    const inside = await tx.$count(clusters, eq(clusters.projectId, id));
    if (inside > 0)
      throw new ProjectInUseError(`The project ${project.name} has ${inside} clusters. Delete those first.`);
    await tx.delete(projects).where(isOwn);
    return true;
  });
}

/** Makes creations of projects in one account wait for each other until the end of the transaction. */
async function lockAccount({ db }: Core, accountId: string): Promise<void> {
  await db.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for("no key update");
}

/**
 * The account's project of that name. That of a region is made where it is missing, as every account of the vendor has
 * one in every region; `strict` makes none.
 * @throws {TooManyProjectsError} where it would have to be made
 */
export async function ensureRegionProject(
  core: Core,
  accountId: string,
  name: string,
  inventory: "implicit" | "strict",
): Promise<Project | undefined> {
  const found = await findProjectByName(core, accountId, name);
  if (found || inventory === "strict" || !isRegionName(name)) return found;
  // Whoever asked for the same one at the same moment may have made it.
  return (await createProject(core, accountId, name)) ?? findProjectByName(core, accountId, name);
}
