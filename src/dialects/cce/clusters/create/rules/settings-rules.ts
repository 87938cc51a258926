import { repeated } from "../../../../common/parameters/repeated.ts";
import { missing } from "../../../../common/parameters/value-check.ts";
import type { Rule } from "./rule.ts";

/** Nothing is paid in advance on one's own machines. */
const billing: Rule = ({ billingMode: value }) => {
  if (value === 0) return [];
  return [{ parameter: "spec.billingMode", value, rule: "must be 0 (on demand)", wayOut: "or leave it out" }];
};

const tags: Rule = ({ clusterTags = [] }) =>
  repeated(clusterTags, ({ key }) => key).map(({ item, index }) => ({
    parameter: `spec.clusterTags[${index}].key`,
    value: item.key,
    rule: "must not be given twice",
  }));

const encryption: Rule = ({ encryptionConfig: { mode, kmsKeyID } = {} }) =>
  mode === "KMS" && !kmsKeyID ? [missing("spec.encryptionConfig.kmsKeyID", "the mode KMS needs the id of a key")] : [];

/** The rules of billing, tags and encryption. */
export const settingsRules: readonly Rule[] = [billing, tags, encryption];
