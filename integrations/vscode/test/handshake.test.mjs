// `bootready lsp`, started as the extension starts it, spoken to by the protocol's implementation that is VS Code's own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const protocol = require("vscode-languageserver-protocol/node");
const { programOf } = require("../out/parts/settings.js");
const TEXT = "services:\n  web:\n    image: nginx:1.27\n    restart: allways\n    depends_on: [db]\n  db: {image: redis:8}\n";

test("findings come while typing, a name gets another one, and the server ends", { timeout: 120_000 }, async () => {
  const place = mkdtempSync(join(tmpdir(), "bootready vscode "));
  writeFileSync(join(place, "compose.yaml"), TEXT);
  const uri = pathToFileURL(join(place, "compose.yaml")).href;
  const { command, args } = programOf(process.env.BOOTREADY_PROGRAM);
  const server = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(server.stdout),
    new protocol.StreamMessageWriter(server.stdin),
  );
  let wanted;
  const told = (accepts) => new Promise((resolve) => (wanted = { accepts, resolve }));
  connection.onNotification(protocol.PublishDiagnosticsNotification.type, ({ diagnostics }) => {
    if (wanted?.accepts(diagnostics)) wanted.resolve(diagnostics);
  });
  connection.listen();
  try {
    const folder = { uri: pathToFileURL(place).href, name: "shop" };
    const { capabilities } = await connection.sendRequest(protocol.InitializeRequest.type, {
      processId: process.pid, rootUri: folder.uri, workspaceFolders: [folder],
      capabilities: { textDocument: { rename: { prepareSupport: true } } },
    });
    assert.equal(capabilities.renameProvider.prepareProvider, true);
    await connection.sendNotification(protocol.InitializedNotification.type, {});
    const found = told((diagnostics) => diagnostics.some((one) => one.code === "restart-unknown"));
    const textDocument = { uri, languageId: "yaml", version: 1, text: TEXT };
    await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, { textDocument });
    const [finding] = (await found).filter((one) => one.code === "restart-unknown");
    assert.deepEqual([finding.range.start.line, finding.severity], [3, 1]);
    const edit = await connection.sendRequest(protocol.RenameRequest.type, {
      textDocument: { uri }, position: { line: 5, character: 3 }, newName: "cache",
    });
    assert.deepEqual(edit.changes[uri].map((one) => one.newText), ["cache", "cache"]);
    const gone = told((diagnostics) => diagnostics.every((one) => one.code !== "restart-unknown"));
    await connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 2 }, contentChanges: [{ text: TEXT.replace("allways", "always") }],
    });
    await gone;
    await connection.sendRequest(protocol.ShutdownRequest.type);
    await connection.sendNotification(protocol.ExitNotification.type);
    assert.equal(await ended, 0);
  } finally {
    connection.dispose();
    server.kill();
    rmSync(place, { recursive: true });
  }
});
