import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startService, type TestService } from "../support/service.ts";
import { type Language, languages, preparationMinutes, prepare } from "./languages.ts";

/**
 * The vendors' SDKs in other languages, unmodified, with only endpoint, protocol and credentials set: each program runs a
 * full cycle and says on which step it is.
 */

const ofAck = ["list", "create", "wait", "detail", "kubeconfig", "node pools", "errors", "delete", "gone", "end"];
const ofCce = ["list", "create", "wait", "detail", "certificate", "errors", "delete", "gone", "end"];

interface Program {
  language: Language;
  /** Which SDK it runs. */
  sdk: string;
  /** Its file, class or executable. */
  program: string;
  steps: readonly string[];
  environment?: Record<string, string>;
}

const { python, go, java } = languages;
const programs: readonly Program[] = [
  { language: python, sdk: "alibabacloud-cs20151215", program: "alibaba_cloud", steps: ofAck },
  {
    language: python,
    sdk: "aliyun-python-sdk-cs",
    program: "alibaba_cloud_old",
    steps: ofAck.toSpliced(ofAck.indexOf("delete"), 0, "form"),
  },
  { language: python, sdk: "huaweicloudsdkcce", program: "huawei_cloud", steps: ofCce },
  { language: python, sdk: "openstacksdk with otcextensions", program: "open_telekom_cloud", steps: ofCce },
  { language: go, sdk: "darabonba-openapi", program: "alibaba", steps: ofAck },
  {
    language: go,
    sdk: "darabonba-openapi with ROA signatures",
    program: "alibaba",
    steps: ofAck,
    environment: { SIGNATURE: "v2" },
  },
  { language: go, sdk: "alibaba-cloud-sdk-go", program: "alibaba-old", steps: ofAck },
  { language: go, sdk: "huaweicloud-sdk-go-v3", program: "huawei", steps: ofCce },
  { language: java, sdk: "cs20151215", program: "AlibabaCloud", steps: ofAck },
  { language: java, sdk: "aliyun-java-sdk-core", program: "AlibabaCloudCore", steps: ["list", "errors", "end"] },
  { language: java, sdk: "huaweicloud-sdk-cce", program: "HuaweiCloud", steps: ofCce },
];

/** Milliseconds that a program may take before it counts as hanging. */
const patience = 280_000;

let service: TestService;
/** What was built of each language, or why it was not. */
const built = new Map<Language, string | Error>();

beforeAll(async () => {
  service = await startService();
  for (const language of Object.values(languages))
    built.set(language, await prepare(language).catch((error: unknown) => error as Error));
}, preparationMinutes * 60_000);

afterAll(() => service.dispose());

function environment(): Record<string, string> {
  const { accessKeyId, accessKeySecret, projectId, region, domainName, userName, userPassword } = service.credentials;
  return {
    URL: service.url,
    ENDPOINT: service.endpoint,
    ACCESS_KEY_ID: accessKeyId,
    ACCESS_KEY_SECRET: accessKeySecret,
    PROJECT_ID: projectId,
    REGION: region,
    DOMAIN_NAME: domainName,
    USER_NAME: userName,
    USER_PASSWORD: userPassword,
    // Python would put compiled files beside its sources.
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

describe("an SDK of another language", () => {
  test.for(programs)("$language.name: $sdk", async ({ language, program, steps, environment: more }, { skip }) => {
    const folder = built.get(language) ?? new Error(`Nothing was built of ${language.name}.`);
    if (folder instanceof Error) {
      // Where they have to be there, as in CI, nothing is left out.
      if (process.env.CLIENTS_REQUIRED) throw folder;
      return skip(folder.message);
    }
    const [command, ...args] = language.command(folder, program);
    const run = await execa(command, args, {
      env: { ...environment(), ...more },
      timeout: patience,
      killSignal: "SIGKILL",
      reject: false,
    });
    expect(run.stdout.split("\n"), run.stderr).toEqual(steps);
    expect(run.exitCode, run.stderr).toBe(0);
  });
});
