import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ControlPlane, ControlPlaneMember } from "../control-plane.ts";
import { type ClusterSecrets, clusterSecretNames, createClusterSecrets } from "./cluster-secrets.ts";
import { configurationFiles } from "./configuration-files.ts";
import { adminGroup, issueApiAccess, pkiFiles } from "./member-files.ts";
import type { PkiFile } from "./pki-file.ts";

const member: ControlPlaneMember = {
  name: "member-1",
  address: "127.64.1.11",
  apiServerAddress: "127.64.1.3",
  vpcAddress: "192.168.0.11",
  directory: "/clusters/c0ffee/member-1",
};

const controlPlane: ControlPlane = {
  id: "c0ffee",
  endpointAddress: "127.64.1.3",
  publicAddress: "127.64.1.1",
  members: [member],
  network: {
    podCidr: undefined,
    nodeCidrMask: 25,
    serviceCidr: "172.21.0.0/20",
    clusterDomain: "example.internal",
  },
  apiServer: {
    extraSans: ["cs.aliyuncs.com", "*.api.example.com", "203.0.113.7"],
    serviceAccountIssuer: "https://kubernetes.default.svc",
    apiAudiences: [],
  },
  timezone: undefined,
};

let secrets: ClusterSecrets;
let files: PkiFile[];
beforeAll(async () => {
  secrets = await createClusterSecrets();
  files = await pkiFiles(secrets, controlPlane, member);
});

function content(path: string, among = files): string {
  const file = among.find((one) => one.path === `${member.directory}/${path}`);
  return file?.content ?? `no file ${path}`;
}

describe("a cluster's secrets", () => {
  it("are the authorities and keys that must survive", () => {
    expect(Object.keys(secrets)).toEqual([...clusterSecretNames]);
  });

  it("have three authorities that have nothing in common", () => {
    const subjects = ["ca.crt", "etcd-ca.crt", "front-proxy-ca.crt"] as const;
    const certificates = subjects.map((name) => new X509Certificate(secrets[name]));
    expect(certificates.map(({ subject }) => subject)).toEqual(["CN=kubernetes", "CN=etcd-ca", "CN=front-proxy-ca"]);
    expect(new Set(certificates.map(({ publicKey }) => publicKey.export({ format: "pem", type: "spki" }))).size).toBe(
      3,
    );
  });

  it("have a key of 32 bytes for Secrets in etcd", () => {
    expect(Buffer.from(secrets["secret-encryption.key"], "base64")).toHaveLength(32);
  });

  it("have a key pair for service accounts whose halves fit", () => {
    const publicKey = createPublicKey(createPrivateKey(secrets["sa.key"]));
    expect(publicKey.equals(createPublicKey(secrets["sa.pub"]))).toBe(true);
  });
});

describe("a member's certificates", () => {
  it.each([
    { name: "pki/apiserver", authority: "ca.crt", subject: "CN=kube-apiserver" },
    {
      name: "pki/apiserver-kubelet-client",
      authority: "ca.crt",
      subject: "CN=kube-apiserver-kubelet-client\nO=system:masters",
    },
    { name: "pki/apiserver-etcd-client", authority: "etcd-ca.crt", subject: "CN=kube-apiserver-etcd-client" },
    { name: "pki/front-proxy-client", authority: "front-proxy-ca.crt", subject: "CN=front-proxy-client" },
    { name: "pki/etcd/server", authority: "etcd-ca.crt", subject: "CN=member-1" },
    { name: "pki/etcd/peer", authority: "etcd-ca.crt", subject: "CN=member-1" },
    { name: "pki/controller-manager", authority: "ca.crt", subject: "CN=kube-controller-manager" },
    { name: "pki/scheduler", authority: "ca.crt", subject: "CN=kube-scheduler" },
  ] as const)("$name is $subject of $authority", ({ name, authority, subject }) => {
    const certificate = new X509Certificate(content(`${name}.crt`));
    expect(certificate.subject).toBe(subject);
    expect(certificate.verify(new X509Certificate(secrets[authority]).publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(content(`${name}.key`)))).toBe(true);
  });

  it("the API server's is good for every name that it is called by", () => {
    expect(new X509Certificate(content("pki/apiserver.crt")).subjectAltName?.split(", ")).toEqual([
      "DNS:kubernetes",
      "DNS:kubernetes.default",
      "DNS:kubernetes.default.svc",
      "DNS:kubernetes.default.svc.example.internal",
      "DNS:localhost",
      "DNS:cs.aliyuncs.com",
      "DNS:*.api.example.com",
      "IP Address:172.21.0.1",
      "IP Address:127.64.1.1",
      "IP Address:127.64.1.3",
      "IP Address:127.64.1.11",
      "IP Address:192.168.0.11",
      "IP Address:127.0.0.1",
      "IP Address:203.0.113.7",
    ]);
  });

  it("the API server's does not name a public address where there is none", async () => {
    const inner = await pkiFiles(secrets, { ...controlPlane, publicAddress: undefined }, member);
    const certificate = new X509Certificate(content("pki/apiserver.crt", inner));
    expect(certificate.checkIP("127.64.1.1")).toBeUndefined();
    expect(certificate.checkIP("127.64.1.3")).toBe("127.64.1.3");
  });

  it.each(["pki/etcd/server.crt", "pki/etcd/peer.crt", "pki/controller-manager.crt", "pki/scheduler.crt"])(
    "%s is good for the member's own address",
    (path) => {
      const certificate = new X509Certificate(content(path));
      expect(certificate.checkIP("127.64.1.11")).toBe("127.64.1.11");
      expect(certificate.checkIP("127.64.1.1")).toBeUndefined();
    },
  );
});

describe("a member's files", () => {
  it("are its owner's alone and lie below the member's folder", () => {
    for (const { path, mode } of files) {
      expect(path.startsWith("/clusters/c0ffee/member-1/")).toBe(true);
      expect(mode).toBe(0o600);
    }
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  });

  it.each([
    { path: "controller-manager.conf", user: "system:kube-controller-manager" },
    { path: "scheduler.conf", user: "system:kube-scheduler" },
  ])("$path takes $user to the member's own API server", ({ path, user }) => {
    const config = parse(content(path));
    expect(config.clusters[0].cluster.server).toBe("https://127.64.1.3:6443");
    const certificate = Buffer.from(config.users[0].user["client-certificate-data"], "base64").toString();
    expect(new X509Certificate(certificate).subject).toBe(`CN=${user}`);
  });

  it("hold every secret that a process needs, and no key of an authority that signs nothing here", () => {
    const all = files.map((file) => file.content);
    const onDisk = clusterSecretNames.filter((name) => all.includes(secrets[name]));
    expect(onDisk).toEqual(["ca.crt", "ca.key", "etcd-ca.crt", "front-proxy-ca.crt", "sa.key", "sa.pub"]);
  });

  it("made again are as good: other leaf certificates of the same authorities at the same paths", async () => {
    const again = await pkiFiles(secrets, controlPlane, member);
    expect(again.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    expect(content("pki/ca.crt", again)).toBe(content("pki/ca.crt"));
    const { publicKey } = new X509Certificate(secrets["ca.crt"]);
    expect(new X509Certificate(content("pki/apiserver.crt", again)).verify(publicKey)).toBe(true);
  });
});

describe("what a member's API server is configured with", () => {
  const configured: ControlPlane = {
    ...controlPlane,
    apiServer: { ...controlPlane.apiServer, auditLog: true },
    secretEncryption: { keyName: "0fe64791-55eb:ünal/key" },
  };

  it("is nothing where nothing was asked for", () => {
    const paths = files.map(({ path }) => path);
    expect(paths.filter((path) => /audit|encryption/.test(path))).toEqual([]);
  });

  it("is the kept key under the name asked for, in the characters that etcd's prefix allows", async () => {
    const text = content("encryption-config.yaml", await pkiFiles(secrets, configured, member));
    const secret = secrets["secret-encryption.key"];
    expect(parse(text)).toEqual({
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "EncryptionConfiguration",
      resources: [
        {
          resources: ["secrets"],
          providers: [{ secretbox: { keys: [{ name: "0fe64791-55eb--nal-key", secret }] } }],
        },
      ],
    });
  });

  it.each([
    ["0fe64791-55eb-4fc7-84c5-c6c7cdca8f41", "0fe64791-55eb-4fc7-84c5-c6c7cdca8f41"],
    ["alias/my key:1", "alias-my-key-1"],
    ["", "key"],
  ])("calls the key %j %j", (keyName, inEtcd) => {
    const names = configurationFiles(secrets, { ...controlPlane, secretEncryption: { keyName } }, member);
    expect(parse(names[0]?.content ?? "").resources[0].providers[0].secretbox.keys[0].name).toBe(inEtcd);
  });

  it("is an audit policy that keeps bodies, which may hold secrets, out of the log", async () => {
    const policy = parse(content("audit-policy.yaml", await pkiFiles(secrets, configured, member)));
    expect(policy).toMatchObject({ apiVersion: "audit.k8s.io/v1", kind: "Policy" });
    const levels = policy.rules.map(({ level }: { level: string }) => level);
    expect(levels).toEqual(["None", "None", "Metadata"]);
  });
});

describe("access for a user", () => {
  it("is a client certificate of the cluster with the groups asked for", async () => {
    const user = { commonName: "uid-1234", organizations: [adminGroup], lifetimeMinutes: 30 };
    const access = await issueApiAccess(secrets, "https://127.64.1.1:6443", user);
    const certificate = new X509Certificate(access.cert);
    expect(access.server).toBe("https://127.64.1.1:6443");
    expect(access.ca).toBe(secrets["ca.crt"]);
    expect(certificate.subject).toBe("CN=uid-1234\nO=system:masters");
    expect(certificate.verify(new X509Certificate(secrets["ca.crt"]).publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(access.key))).toBe(true);
    expect(certificate.validToDate.getTime() - Date.now()).toBeLessThan(31 * 60_000);
  });
});
