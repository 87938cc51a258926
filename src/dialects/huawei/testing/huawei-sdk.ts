import { createRequire } from "node:module";

// The SDK is CommonJS, and importing it as a module gives different shapes in Node.js and in the test runner.
const require = createRequire(import.meta.url);

type Sdk = typeof import("@huaweicloud/huaweicloud-sdk-cce", { with: { "resolution-mode": "require" }});
type SdkCore = typeof import("@huaweicloud/huaweicloud-sdk-core", { with: { "resolution-mode": "require" }});
type Signer = typeof import("@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner", { with: {
  "resolution-mode": "require",
}});

/** The official SDK of CCE. */
export const sdk: Sdk = require("@huaweicloud/huaweicloud-sdk-cce");

/** What it is built on: credentials and regions. */
export const sdkCore: SdkCore = require("@huaweicloud/huaweicloud-sdk-core");

/** What signs its requests. */
export const { AKSKSigner }: Signer = require("@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner");

// It writes every refusal to the standard output, signature included.
require("@huaweicloud/huaweicloud-sdk-core/logger/log4jLogger").Logger4jInstance.level = "off";
