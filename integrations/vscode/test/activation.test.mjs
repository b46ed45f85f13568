// The extension as VS Code loads it, in a small double of its API: no test host can be had without a download.
import assert from "node:assert/strict";
import Module, { createRequire } from "node:module";
import { test } from "node:test";

const require = createRequire(import.meta.url);

/** Loads the extension with doubles for what the editor gives; returns it with what it did. */
function loaded(settings, startError) {
  const did = { clients: [], started: 0, stopped: 0, shown: [], commands: {}, changed: undefined };
  const vscode = {
    commands: { registerCommand: (name, run) => ((did.commands[name] = run), { dispose() {} }) },
    window: { showErrorMessage: async (words) => void did.shown.push(words) },
    workspace: {
      getConfiguration: () => ({ get: (name) => settings[name] }),
      createFileSystemWatcher: (pattern) => ({ pattern }),
      onDidChangeConfiguration: (run) => ((did.changed = run), { dispose() {} }),
    },
  };
  class LanguageClient {
    constructor(id, name, server, options) {
      did.clients.push({ id, server, options });
    }
    async start() {
      if (startError) throw startError;
      did.started += 1;
    }
    async stop() {
      did.stopped += 1;
    }
  }
  const doubles = { vscode, "vscode-languageclient/node": { LanguageClient } };
  const load = Module._load;
  Module._load = function (name, ...rest) {
    return doubles[name] ?? load.call(this, name, ...rest);
  };
  try {
    const path = require.resolve("../out/parts/extension.js");
    delete require.cache[path];
    return { extension: require(path), did };
  } finally {
    Module._load = load;
  }
}

test("it starts the program of the setting, and stops it with the window", async () => {
  const { extension, did } = loaded({ path: " /opt/bin/bootready " });
  const context = { subscriptions: [] };
  await extension.activate(context);
  assert.deepEqual(did.clients[0].server, { command: "/opt/bin/bootready", args: ["lsp", "--stdio"] });
  assert.equal(did.started, 1);
  assert.equal(context.subscriptions.length, 2);
  await extension.deactivate();
  assert.equal(did.stopped, 1);
});

test("findings that are less grave than the setting are not shown", async () => {
  const { extension, did } = loaded({ severity: "warning" });
  await extension.activate({ subscriptions: [] });
  const told = [];
  const findings = [{ severity: 0 }, { severity: 1 }, { severity: 2 }];
  did.clients[0].options.middleware.handleDiagnostics("uri", findings, (uri, kept) => told.push(uri, kept));
  assert.deepEqual(told, ["uri", [{ severity: 0 }, { severity: 1 }]]);
});

test("a changed setting and the command start it again", async () => {
  const { extension, did } = loaded({});
  await extension.activate({ subscriptions: [] });
  await did.changed({ affectsConfiguration: (name) => name === "bootready.severity" });
  await did.changed({ affectsConfiguration: () => false });
  await did.commands["bootready.restart"]();
  assert.deepEqual([did.started, did.stopped], [3, 2]);
});

test("a program that is not there is told with how to install it", async () => {
  const { extension, did } = loaded({ path: "absent" }, new Error("spawn absent ENOENT"));
  await extension.activate({ subscriptions: [] });
  assert.match(did.shown[0], /^'absent lsp' did not start: spawn absent ENOENT\. Install it with: pipx/);
});

test("what the manifest names is what the extension does", () => {
  const manifest = require("../package.json");
  const { did, extension } = loaded({});
  return extension.activate({ subscriptions: [] }).then(() => {
    assert.deepEqual(manifest.contributes.commands.map((one) => one.command), Object.keys(did.commands));
    const properties = manifest.contributes.configuration.properties;
    assert.equal(properties["bootready.path"].scope, "machine", "a workspace must not choose a program");
    assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, ["bootready.path"]);
  });
});
