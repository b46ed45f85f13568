# Made by scripts/packages.py; do not edit.
{
  description = "Makes a Docker Compose project boot on a fresh machine with one command, and proves it";

  inputs.nixpkgs.url = "nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forAll = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = forAll (pkgs: {
        default = pkgs.python313Packages.buildPythonApplication {
          pname = "bootready";
          version = "0.1.0";
          pyproject = true;
          src = ../.;
          build-system = with pkgs.python313Packages; [ hatchling ];
          dependencies = with pkgs.python313Packages; [ cryptography pyyaml rich shtab urllib3 ];
          nativeBuildInputs = [ pkgs.installShellFiles ];
          doCheck = false;
          pythonImportsCheck = [ "bootready" ];
          postInstall = ''
            for shell in bash zsh fish; do
              $out/bin/bootready completion $shell >completion.$shell
            done
            installShellCompletion --cmd bootready \
              --bash completion.bash --zsh completion.zsh --fish completion.fish
          '';
          meta = {
            description = "Makes a Docker Compose project boot on a fresh machine with one command, and proves it";
            license = pkgs.lib.licenses.mit;
            mainProgram = "bootready";
          };
        };
      });
    };
}
