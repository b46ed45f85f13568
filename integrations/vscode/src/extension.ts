/** Starts `bootready lsp` when a Compose file is opened, and stops it with the window. */

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";
import { programOf, SELECTOR, shown, WATCHED } from "./settings";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("bootready.restart", restart),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("bootready.path") || change.affectsConfiguration("bootready.severity")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

async function restart(): Promise<void> {
  await deactivate();
  await start();
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("bootready");
  const program = programOf(settings.get("path"));
  const options: LanguageClientOptions = {
    documentSelector: SELECTOR,
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher(WATCHED) },
    middleware: {
      handleDiagnostics: (uri, findings, next) => next(uri, shown(findings, settings.get("severity"))),
    },
  };
  const server = { command: program.command, args: [...program.args] };
  const made = new LanguageClient("bootready", "bootready", server, options);
  client = made;
  try {
    await made.start();
  } catch (error) {
    client = undefined;
    const words = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(
      `'${program.command} lsp' did not start: ${words}. Install it with: pipx install 'bootready[lsp]'`,
    );
  }
}
