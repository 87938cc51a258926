import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/** Writes a version of a module into the folder of a Go module proxy (`GOPROXY=file://…`, https://go.dev/ref/mod#goproxy-protocol). */
export function publishModule(
  proxy: string,
  path: string,
  version: string,
  files: Readonly<Record<string, string>>,
): void {
  const folder = join(proxy, path, "@v");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "list"), `v${version}\n`, { flag: "a" });
  const time = "2026-10-27T12:01:04Z";
  const origin = { VCS: "git", Hash: "0123456789abcdef0123456789abcdef01234567" };
  writeFileSync(
    join(folder, `v${version}.info`),
    JSON.stringify({ Version: `v${version}`, Time: time, Origin: origin }),
  );
  writeFileSync(join(folder, `v${version}.mod`), files["go.mod"] ?? "");
  const entries = Object.entries(files).map(([name, text]) => [`${path}@v${version}/${name}`, text] as const);
  writeFileSync(join(folder, `v${version}.zip`), zip(entries));
}

/** An archive of texts that are stored as they are (PKWARE's APPNOTE.TXT, 4.3). */
function zip(entries: readonly (readonly [name: string, text: string])[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of entries) {
    const [nameBytes, data] = [Buffer.from(name), Buffer.from(text)];
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(nameBytes.length, 22);
    const head = Buffer.concat([Buffer.from("PK\x03\x04"), fields, nameBytes, data]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, place, nameBytes]));
    local.push(head);
    offset += head.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from("PK\x05\x06"), end]);
}

/** A command that prints a line and ends. @param imports of packages that the expression uses */
const command = (expression: string, imports: readonly string[] = []) =>
  `package main\n\nimport (\n\t"os"\n${imports.map((path) => `\t"${path}"\n`).join("")})\n\nfunc main() { os.Stdout.WriteString(${expression}) }\n`;

/** A package with the variables that a release of Kubernetes sets. */
const versionPackage = (module: string) => ({
  "go.mod": `module ${module}\n\ngo 1.21\n`,
  "version/base.go": `package version\n\nvar gitVersion, gitMajor, gitMinor, gitCommit, gitTreeState, buildDate = "v0.0.0", "", "", "", "", ""\n\nfunc Get() string { return gitVersion + " " + gitCommit + " " + buildDate }\n`,
});

/** Publishes a Kubernetes as it is published: each staging module apart, and named as a folder in Kubernetes' own `go.mod`. */
export function publishKubernetesModule(proxy: string, version: string, etcd: string): void {
  const staged = { "k8s.io/component-base": "version", "k8s.io/client-go": "pkg/version" };
  const number = version.replace(/^1\./, "0.");
  const base = versionPackage("k8s.io/component-base");
  publishModule(proxy, "k8s.io/component-base", number, base);
  const client = versionPackage("k8s.io/client-go");
  publishModule(proxy, "k8s.io/client-go", number, {
    "go.mod": client["go.mod"],
    "pkg/version/base.go": client["version/base.go"],
  });
  const names = Object.keys(staged);
  const goMod = [
    "module k8s.io/kubernetes",
    "go 1.21",
    ...names.map((name) => `require ${name} v0.0.0`),
    ...names.map((name) => `replace ${name} => ./staging/src/${name}`),
  ].join("\n\n");
  const says = { kubectl: "Client Version: " } as const;
  const commands = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"].map((name) => {
    const module = name === "kubectl" ? "k8s.io/client-go/pkg/version" : "k8s.io/component-base/version";
    const prefix = name === "kubectl" ? says.kubectl : "Kubernetes ";
    return [`cmd/${name}/main.go`, command(`"${prefix}" + version.Get() + "\\n"`, [module])] as const;
  });
  publishModule(proxy, "k8s.io/kubernetes", version, {
    "go.mod": goMod,
    ...Object.fromEntries(commands),
    "cmd/kubeadm/app/constants/constants.go": `package constants\n\nconst DefaultEtcdVersion = "${etcd}-0"\n`,
  });
}

/** Publishes etcd's server and its tools. */
export function publishEtcdModules(
  proxy: string,
  version: string,
  names: readonly string[] = ["server", "etcdctl", "etcdutl"],
): void {
  for (const name of names) {
    const path = `go.etcd.io/etcd/${name}/v3`;
    publishModule(proxy, path, version, {
      "go.mod": `module ${path}\n\ngo 1.21\n`,
      "main.go": command(`"etcd Version: ${version}\\n"`),
    });
  }
}
