import { randomUUID } from "node:crypto";
import type { Vocabulary } from "../common/vocabulary.ts";
import { gatewayError } from "./gateway.ts";

/** What all services of Huawei Cloud say alike. */
export const huaweiVocabulary = {
  newRequestId: () => randomUUID().replaceAll("-", ""),
  requestIdHeader: "X-Request-Id",
  unknownPath: ({ method }, path) => gatewayError("APIGW.0101", { method, path }),
} as const satisfies Partial<Vocabulary>;
