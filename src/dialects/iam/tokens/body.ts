import { type BodyRule, requestBody } from "../../common/checked-body.ts";
import { object, required, text, texts } from "../../common/parameters/parameter.ts";
import { missing } from "../../common/parameters/value-check.ts";

/** How a user may say who it is. */
const methods = ["password", "token"] as const;

const identified = (what: string) => ({
  id: text({ meaning: `Id of the ${what}.` }),
  name: text({ meaning: `Name of the ${what}.` }),
});

const domain = object(identified("account"), { meaning: "The account, by its id or its name." });

const user = {
  ...identified("user"),
  domain,
  password: text({ requiredWhen: "the method is `password`", meaning: "Password of the user." }),
};

const identity = {
  methods: required(texts({ meaning: `How the user says who it is: one of ${methods.join(", ")}.` })),
  password: object(
    { user: object(user, { meaning: "The user, by its id, or by its name and account." }) },
    { requiredWhen: "the method is `password`", meaning: "A user and its password." },
  ),
  token: object(
    { id: text({ requiredWhen: "the method is `token`", meaning: "The token itself." }) },
    { requiredWhen: "the method is `token`", meaning: "A token that the user has." },
  ),
};

const scope = {
  project: object({ ...identified("project"), domain }, { meaning: "The project, by its id or its name." }),
  domain,
};

/** The parameters of a request for a token, as Keystone has it. */
export const tokenParameters = {
  auth: required(
    object(
      {
        identity: required(object(identity, { meaning: "Who asks for the token." })),
        scope: object(scope, {
          meaning: "What the token is to be good for; the account as a whole, where it is left out.",
        }),
      },
      { meaning: "The token that is asked for." },
    ),
  ),
};

type Rule = BodyRule<typeof tokenParameters>;

const place = "auth.identity";

const method: Rule = ({ given: { auth } }) => {
  const asked = auth?.identity?.methods;
  if (!asked || (asked.length === 1 && methods.some((one) => one === asked[0]))) return [];
  return [{ parameter: `${place}.methods`, rule: `must be a list of one of ${methods.join(", ")}` }];
};

const password: Rule = ({ given: { auth: { identity } = {} } }) => {
  if (identity?.methods?.[0] !== "password") return [];
  const named = identity.password?.user;
  const parameter = `${place}.password.user`;
  if (!named) return [missing(parameter, "give the user and its password")];
  const hasId = named.id !== undefined;
  return [
    ...(named.password ? [] : [missing(`${parameter}.password`)]),
    ...(hasId || named.name ? [] : [missing(`${parameter}.name`, "or give the id of the user")]),
    ...(hasId || named.domain ? [] : [missing(`${parameter}.domain`, "give its name or id, or the id of the user")]),
  ];
};

const token: Rule = ({ given: { auth: { identity } = {} } }) =>
  identity?.methods?.[0] === "token" && !identity.token?.id ? [missing(`${place}.token.id`)] : [];

/** A project that has no name that is known must not be taken for none. */
const project: Rule = ({ given, read }) => {
  const asked = given.auth?.scope;
  if (!asked?.project) return isAsked(read) ? [unnamed] : [];
  const both = { parameter: "auth.scope", rule: "must have a project or a domain, not both" };
  return [...(asked.project.id || asked.project.name ? [] : [unnamed]), ...(asked.domain ? [both] : [])];
};

const unnamed = { parameter: "auth.scope.project", rule: "must have an id or a name" };

/** Whether there is anything in the project of a scope. */
function isAsked(read: unknown): boolean {
  const { auth } = read as { auth?: { scope?: { project?: unknown } } };
  const asked = auth?.scope?.project;
  return typeof asked === "object" && asked !== null && Object.keys(asked).length > 0;
}

/** The body of a request for a token. */
export const tokenBody = requestBody({
  members: tokenParameters,
  description: "Who asks for a token, and what it is to be good for.",
  rules: [method, password, token, project],
});
