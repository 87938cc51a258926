import { isIP } from "node:net";
import { availableParallelism, homedir } from "node:os";
import { join, resolve } from "node:path";

/** The environment as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting: where it comes from, what it may be, and what it is for. */
interface Setting<T> {
  /** Environment variable. */
  readonly variable: string;
  /** What it is for, one sentence, shown in the documentation. */
  readonly meaning: string;
  /** Reads the variable's text. Throws an Error that says what is allowed. */
  readonly parse: (text: string) => T;
  /** Value where the variable is unset or empty. */
  readonly fallback: () => T;
}

const path = (text: string) => resolve(text.replace(/^~(?=\/|$)/, homedir()));
const none = () => undefined;

const oneOf =
  <const T extends string>(...values: T[]) =>
  (text: string): T => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new Error(`must be one of ${values.join(", ")}`);
    return found;
  };

const wholeNumber = (least: number, most: number) => (text: string) => {
  if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most)
    throw new Error(`must be a whole number from ${least} to ${most}`);
  return Number(text);
};

const matching = (pattern: RegExp, description: string) => (text: string) => {
  if (!pattern.test(text)) throw new Error(`must be ${description}`);
  return text;
};

const accountName = matching(/^[\w.@-]{1,64}$/, "1 to 64 letters, digits and characters of . _ @ -");

const address = (text: string) => {
  if (isIP(text) === 0 && text !== "localhost") throw new Error("must be an IP address or localhost");
  return text;
};

const httpAddress = (text: string) => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Error("must be an http(s) address");
  return text.replace(/\/+$/, "");
};

const hostNames = (text: string): string[] => {
  const names = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const label = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
  const form = new RegExp(`^(\\*\\.)?${label}(\\.${label})*$`);
  if (!names.every((name) => form.test(name) && name.length <= 253))
    throw new Error("must be host names, separated by commas, as in sampan.example.com,*.internal");
  return names;
};

const databaseAddress = (text: string) => {
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol))
    throw new Error("must be an address of the form postgresql://user@host:port/database");
  return text;
};

/** Every setting of the service, in the order in which the documentation shows them. */
export const settings = {
  home: {
    variable: "SAMPAN_HOME",
    meaning: "Folder of the service's own data: database, keys, credentials, the clusters' files.",
    parse: path,
    fallback: () => join(homedir(), ".sampan"),
  },
  host: {
    variable: "SAMPAN_HOST",
    meaning: "Address that the API listens on.",
    parse: address,
    fallback: () => "127.0.0.1",
  },
  port: {
    variable: "SAMPAN_PORT",
    meaning: "TCP port of the API; 0 takes a free one.",
    parse: wholeNumber(0, 65535),
    fallback: () => 7080,
  },
  publicUrl: {
    variable: "SAMPAN_PUBLIC_URL",
    meaning:
      "Address at which others reach this service, where it is not the one it listens on; token issuers are named by it.",
    parse: httpAddress,
    fallback: none,
  },
  allowedHosts: {
    variable: "SAMPAN_ALLOWED_HOSTS",
    meaning:
      "Further names by which the service may be called, beside IP addresses, localhost and that of SAMPAN_PUBLIC_URL; `*.` stands for all below.",
    parse: hostNames,
    fallback: (): string[] => [],
  },
  accessKeyId: {
    variable: "SAMPAN_ACCESS_KEY_ID",
    meaning: "Access key id of the first account; generated on the first start where it is unset.",
    parse: matching(/^[A-Za-z0-9]{8,128}$/, "8 to 128 letters and digits"),
    fallback: none,
  },
  accessKeySecret: {
    variable: "SAMPAN_ACCESS_KEY_SECRET",
    meaning: "Secret of that access key; generated likewise.",
    parse: matching(/^[\x21-\x7e]{8,128}$/, "8 to 128 printable ASCII characters without spaces"),
    fallback: none,
  },
  projectId: {
    variable: "SAMPAN_PROJECT_ID",
    meaning: "Huawei Cloud project id of the first account, 32 hexadecimal digits; generated likewise.",
    parse: matching(/^[0-9a-f]{32}$/, "32 lower-case hexadecimal digits"),
    fallback: none,
  },
  region: {
    variable: "SAMPAN_REGION",
    meaning:
      "Huawei Cloud region of the first account's project, and that project's name; `cn-north-4` where it is unset.",
    parse: matching(
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "a region as in cn-north-4: lower-case letters, digits, hyphens",
    ),
    fallback: none,
  },
  domainName: {
    variable: "SAMPAN_DOMAIN_NAME",
    meaning: "Name of the first account at Huawei Cloud, for tokens; `sampan` where it is unset.",
    parse: accountName,
    fallback: none,
  },
  userName: {
    variable: "SAMPAN_USER_NAME",
    meaning: "Name of the first account's user, for tokens; `sampan` where it is unset.",
    parse: accountName,
    fallback: none,
  },
  userPassword: {
    variable: "SAMPAN_USER_PASSWORD",
    meaning:
      "Password of that user; generated on the first start where it is unset. Another one ends the user's tokens.",
    parse: matching(/^[\x21-\x7e]{8,128}$/, "8 to 128 printable ASCII characters without spaces"),
    fallback: none,
  },
  databaseUrl: {
    variable: "SAMPAN_DATABASE_URL",
    meaning: "A PostgreSQL server's address; unset keeps the state in a PostgreSQL inside the process.",
    parse: databaseAddress,
    fallback: none,
  },
  substrate: {
    variable: "SAMPAN_SUBSTRATE",
    meaning: "Where clusters live: `local` runs them as processes of this machine.",
    parse: oneOf("local"),
    fallback: () => "local" as const,
  },
  concurrentTasks: {
    variable: "SAMPAN_CONCURRENT_TASKS",
    meaning: "How many tasks (such as cluster creations) this process works on at a time; the others wait their turn.",
    parse: wholeNumber(1, 64),
    fallback: () => Math.max(2, availableParallelism()),
  },
  versionPolicy: {
    variable: "SAMPAN_VERSION_POLICY",
    meaning:
      "`nearest` runs the nearest installed Kubernetes version and says so; `strict` refuses another than asked for.",
    parse: oneOf("nearest", "strict"),
    fallback: () => "nearest" as const,
  },
  validation: {
    variable: "SAMPAN_VALIDATION",
    meaning:
      "`lenient` takes fields, versions and listed values of a request that are not known and says so; `strict` refuses them.",
    parse: oneOf("lenient", "strict"),
    fallback: () => "lenient" as const,
  },
  inventory: {
    variable: "SAMPAN_INVENTORY",
    meaning:
      "`implicit` registers an unknown VPC or vSwitch on first use; `strict` refuses it, and ranges that overlap another cluster's.",
    parse: oneOf("implicit", "strict"),
    fallback: () => "implicit" as const,
  },
  disableRollbackMeaning: {
    variable: "SAMPAN_ACK_DISABLE_ROLLBACK_MEANING",
    meaning:
      "`text`: ACK's `disable_rollback: true` rolls back, as its documents say; `name`: it does what its name says.",
    parse: oneOf("text", "name"),
    fallback: () => "text" as const,
  },
  distributionDirectory: {
    variable: "SAMPAN_DISTRIBUTION_DIR",
    meaning: "Folder of the installed Kubernetes and etcd executables, shared by every SAMPAN_HOME.",
    parse: path,
    fallback: () => join(homedir(), ".cache", "sampan"),
  },
  distributionPath: {
    variable: "SAMPAN_DISTRIBUTION_PATH",
    meaning: "Folder with Kubernetes and etcd executables of your own, used before any installed ones.",
    parse: path,
    fallback: none,
  },
  autoInstall: {
    variable: "SAMPAN_AUTO_INSTALL",
    meaning:
      "`1` installs the Kubernetes version that a request asks for, or another patch of it, where it can be had; `0` takes the nearest that is installed.",
    parse: oneOf("0", "1"),
    fallback: () => "0" as const,
  },
  kubernetesReleaseUrl: {
    variable: "SAMPAN_KUBERNETES_RELEASE_URL",
    meaning: "Base address of the Kubernetes release files, or of a mirror.",
    parse: httpAddress,
    fallback: () => "https://dl.k8s.io/release",
  },
  etcdReleaseUrl: {
    variable: "SAMPAN_ETCD_RELEASE_URL",
    meaning: "Base address of the etcd release files, or of a mirror.",
    parse: httpAddress,
    fallback: () => "https://github.com/etcd-io/etcd/releases/download",
  },
  logLevel: {
    variable: "SAMPAN_LOG_LEVEL",
    meaning: "Least severe level that is logged.",
    parse: oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent"),
    fallback: () => "info" as const,
  },
} satisfies Record<string, Setting<unknown>>;

/** The settings' values, e.g. `config.port`. */
export type Config = {
  -readonly [K in keyof typeof settings]:
    | ReturnType<(typeof settings)[K]["parse"]>
    | ReturnType<(typeof settings)[K]["fallback"]>;
};

/** Thrown by {@link readConfig}; the message has a sentence for each bad setting. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads and checks every setting.
 * @throws {ConfigError} naming each variable that is unknown (but begins with `SAMPAN_`) or has a bad value.
 */
export function readConfig(environment: Environment): Config {
  const problems = unknownVariables(environment);
  const config: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries<Setting<unknown>>(settings)) {
    const text = environment[setting.variable]?.trim();
    try {
      config[name] = text ? setting.parse(text) : setting.fallback();
    } catch (error) {
      problems.push(`${setting.variable} is ${quoted(name, text)}, but ${(error as Error).message}.`);
    }
  }
  if (!config.accessKeyId !== !config.accessKeySecret && problems.length === 0)
    problems.push("SAMPAN_ACCESS_KEY_ID and SAMPAN_ACCESS_KEY_SECRET belong together: set both or neither.");
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return config as Config;
}

function unknownVariables(environment: Environment): string[] {
  const known = new Set<string>(Object.values(settings).map(({ variable }) => variable));
  return Object.keys(environment)
    .filter((name) => name.startsWith("SAMPAN_") && !known.has(name))
    .map((name) => `${name} is not a setting of Sampan; the settings are ${[...known].join(", ")}.`);
}

/** Settings whose values are secrets, or addresses that may hold a password. */
const secretSettings: ReadonlySet<string> = new Set<keyof typeof settings>([
  "accessKeySecret",
  "userPassword",
  "databaseUrl",
]);

/** A value as an error message may show it: a secret never. */
const quoted = (name: string, text: string | undefined): string => (secretSettings.has(name) ? "set" : `"${text}"`);
