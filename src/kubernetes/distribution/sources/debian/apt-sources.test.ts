import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { debianMirrors, parseDeb822Sources, parseOneLineSources, renderSources } from "./apt-sources.ts";

const debianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

test("reads the one-line format: options, comments, disabled and source lines", () => {
  const text = `# the archive
deb [arch=amd64 signed-by=${debianKeyring}] http://deb.debian.org/debian bookworm main contrib # trailing comment
deb-src http://deb.debian.org/debian bookworm main
#deb http://old.example/debian bookworm main
   deb	http://tabs.example/debian	bookworm-updates	main

not a line of any format
`;
  expect(parseOneLineSources(text)).toEqual([
    {
      types: ["deb"],
      uris: ["http://deb.debian.org/debian"],
      suites: ["bookworm"],
      components: ["main", "contrib"],
      options: { arch: "amd64", "signed-by": debianKeyring },
    },
    {
      types: ["deb-src"],
      uris: ["http://deb.debian.org/debian"],
      suites: ["bookworm"],
      components: ["main"],
      options: {},
    },
    {
      types: ["deb"],
      uris: ["http://tabs.example/debian"],
      suites: ["bookworm-updates"],
      components: ["main"],
      options: {},
    },
  ]);
});

test("reads the deb822 format: several paragraphs, lists, comments, a disabled entry", () => {
  const text = `Types: deb
# http://snapshot.debian.org/archive/debian/20250520T000000Z
URIs: http://deb.debian.org/debian http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main
Signed-By: ${debianKeyring}

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb deb-src
URIs:
 http://folded.example/debian
Suites: bookworm
Components: main
`;
  expect(parseDeb822Sources(text)).toEqual([
    {
      types: ["deb"],
      uris: ["http://deb.debian.org/debian", "http://mirror.example/debian/"],
      suites: ["bookworm", "bookworm-updates"],
      components: ["main"],
      options: { "signed-by": debianKeyring },
    },
    {
      types: ["deb", "deb-src"],
      uris: ["http://folded.example/debian"],
      suites: ["bookworm"],
      components: ["main"],
      options: {},
    },
  ]);
});

/** The addresses that a configuration in the one-line format leads to. */
function urisOf(lines: string): string[] {
  return debianMirrors(parseOneLineSources(lines)).map(({ uri }) => uri);
}

test.each([
  ["Debian's own", "deb http://deb.debian.org/debian bookworm main", ["http://deb.debian.org/debian"]],
  [
    "a mirror list of a cloud image",
    "deb mirror+file:/etc/apt/mirrors/debian.list bookworm main",
    ["mirror+file:/etc/apt/mirrors/debian.list"],
  ],
  [
    "a company's mirror of another name",
    "deb https://apt.example/remote-bookworm bookworm main",
    ["https://apt.example/remote-bookworm"],
  ],
  [
    "an archive of another Debian release",
    "deb http://deb.debian.org/debian trixie main",
    ["http://deb.debian.org/debian"],
  ],
  ["not the security archive", "deb http://deb.debian.org/debian-security bookworm-security main", []],
  ["not an optical disk", "deb cdrom:[Debian_12]/debian bookworm main", []],
  ["not another vendor's suite", "deb https://download.example/linux/tool nodistro main", []],
  ["not another component", "deb https://download.docker.com/linux/debian bookworm stable", []],
  ["not Ubuntu", "deb http://archive.ubuntu.com/ubuntu jammy main universe", []],
])("takes %s", (_, line, uris) => {
  expect(urisOf(line)).toEqual(uris);
});

test("the likeliest address comes first, and each only once", () => {
  const lines = `deb http://one.example/debian trixie main
deb https://vendor.example/tools bookworm main
deb http://deb.debian.org/debian/ bookworm main
deb http://deb.debian.org/debian bookworm-updates main`;
  expect(urisOf(lines)).toEqual([
    "http://deb.debian.org/debian/",
    "https://vendor.example/tools",
    "http://one.example/debian",
  ]);
});

test("writes packages and sources of Debian 12, with the fields that say how far the address is trusted", () => {
  const [mirror] = debianMirrors(
    parseOneLineSources(
      `deb [arch=amd64,i386 lang=de signed-by=${debianKeyring} check-valid-until=no] http://deb.debian.org/debian trixie main non-free`,
    ),
  );
  expect(mirror && renderSources(mirror, "amd64")).toBe(`Types: deb deb-src
URIs: http://deb.debian.org/debian
Suites: bookworm
Components: main
Architectures: amd64
Targets: Packages Sources
signed-by: ${debianKeyring}
check-valid-until: no
`);
});

test("a key that stands in the entry itself is written as it was read", () => {
  const key = `
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBGPL0BUBEADmW5NdOOHwPIJlgPu6JDcKw/NZJPR8lsD3K87ZM18gzyQZJD+w
 -----END PGP PUBLIC KEY BLOCK-----`;
  const text = `Types: deb\nURIs: http://deb.debian.org/debian\nSuites: bookworm\nComponents: main\nSigned-By:${key}\n`;
  const [mirror] = debianMirrors(parseDeb822Sources(text));
  expect(mirror && renderSources(mirror, "arm64")).toContain(`signed-by: ${key}\n`);
});

describe("for any configuration", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9./-]{0,12}$/);
  const entry = fc.record({
    type: fc.constantFrom("deb", "deb-src"),
    uri: word.map((path) => `http://mirror.example/${path}`),
    suite: word,
    components: fc.array(word, { minLength: 1, maxLength: 3 }),
    keyring: fc.option(
      word.map((path) => `/usr/share/keyrings/${path}`),
      { nil: undefined },
    ),
  });

  test("both formats give the same entries", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        const lines = entries.map(
          ({ type, uri, suite, components, keyring }) =>
            `${type} ${keyring ? `[signed-by=${keyring}] ` : ""}${uri} ${suite} ${components.join(" ")}\n`,
        );
        const paragraphs = entries.map(
          ({ type, uri, suite, components, keyring }) =>
            `Types: ${type}\nURIs: ${uri}\nSuites: ${suite}\nComponents: ${components.join(" ")}\n${keyring ? `Signed-By: ${keyring}\n` : ""}\n`,
        );
        const expected = entries.map(({ type, uri, suite, components, keyring }) => ({
          types: [type],
          uris: [uri],
          suites: [suite],
          components,
          options: keyring ? { "signed-by": keyring } : {},
        }));
        expect(parseOneLineSources(lines.join(""))).toEqual(expected);
        expect(parseDeb822Sources(paragraphs.join(""))).toEqual(expected);
      }),
    );
  });

  test("no text at all makes the parsers fail", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(Array.isArray(debianMirrors([...parseOneLineSources(text), ...parseDeb822Sources(text)]))).toBe(true);
      }),
    );
  });
});
