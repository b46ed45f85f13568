#!/usr/bin/env python3
"""The version and what is locked -> what Homebrew, Arch Linux and Nix make a package from.

usage: packages.py [--check]

Writes `packaging/flake.nix`, which builds from the checkout that it lies in; with --check only says
whether it is as it would be written. The others name the released source and its hash, and are made
at a release (release.py): addresses of an index stand in none of the repository's files.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FLAKE = ROOT / "packaging" / "flake.nix"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ABOUT = SETTINGS["project"]["description"]
PYTHON = "3.13"
"""Of Homebrew and Nix; Arch has one Python."""
ARCH = {"cryptography": "python-cryptography", "pyyaml": "python-yaml", "rich": "python-rich"}
ARCH |= {"shtab": "python-shtab", "urllib3": "python-urllib3"}
"""What Arch Linux calls what bootready needs."""
NIX = {"pyyaml": "pyyaml"}
"""Names that nixpkgs has otherwise than the index."""


def main(arguments: list[str]) -> int:
    """Write the flake, or compare it; 1 if it is not up to date."""
    wanted = flake(SETTINGS["project"]["version"])
    stale = not FLAKE.exists() or FLAKE.read_text(encoding="utf-8") != wanted
    if stale and arguments != ["--check"]:
        FLAKE.write_text(wanted, encoding="utf-8")
    if stale:
        print(f"{'stale' if arguments == ['--check'] else 'written'}: {FLAKE.relative_to(ROOT)}")
    return int(stale and arguments == ["--check"])


def of_release(
    version: str, sdist: Path, repository: str, locked: Mapping[str, Any]
) -> dict[str, str]:
    """Return the files of a release by name; `locked` is a lock file as PEP 751 has it.

    Without the address of the repository, nobody can fetch its source: there is none of them.
    """
    if not repository:
        return {}
    source = f"{repository}/releases/download/v{version}/{sdist.name}"
    digest = hashlib.sha256(sdist.read_bytes()).hexdigest()
    return {
        "PKGBUILD": pkgbuild(version, repository, source, digest),
        "bootready.rb": formula(repository, source, digest, locked),
    }


def needed() -> list[str]:
    """Return the names of the packages that bootready needs."""
    return sorted(_bare(one) for one in SETTINGS["project"]["dependencies"])


def pkgbuild(version: str, repository: str, source: str, digest: str) -> str:
    """Return the file from which `makepkg` makes a package of Arch Linux."""
    least = SETTINGS["project"]["requires-python"].removeprefix(">=")
    depends = " ".join(f"'{ARCH[name]}'" for name in needed())
    return f"""\
# Made by scripts/packages.py at the release; do not edit.
pkgname=bootready
pkgver={version}
pkgrel=1
pkgdesc='{ABOUT}'
arch=('any')
url='{repository}'
license=('{SETTINGS["project"]["license"]}')
depends=('python>={least}' {depends})
makedepends=('python-build' 'python-hatchling' 'python-installer')
optdepends=('docker-compose: boot the project' 'python-pygls: the language server')
source=('{source}')
sha256sums=('{digest}')

build() {{
  cd "$pkgname-$pkgver"
  python -m build --wheel --no-isolation
}}

package() {{
  cd "$pkgname-$pkgver"
  python -m installer --destdir="$pkgdir" dist/*.whl
  local site
  site=$pkgdir$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  install -Dm644 LICENSE -t "$pkgdir/usr/share/licenses/$pkgname"
  for shell in bash zsh fish; do
    PYTHONPATH=$site python -P -m bootready completion "$shell" >"completion.$shell"
  done
  install -Dm644 completion.bash "$pkgdir/usr/share/bash-completion/completions/bootready"
  install -Dm644 completion.zsh "$pkgdir/usr/share/zsh/site-functions/_bootready"
  install -Dm644 completion.fish "$pkgdir/usr/share/fish/vendor_completions.d/bootready.fish"
}}
"""


def formula(repository: str, source: str, digest: str, locked: Mapping[str, Any]) -> str:
    """Return the formula of Homebrew: bootready, and the source of each package that it needs."""
    resources = []
    for package in sorted(locked["packages"], key=lambda one: str(one["name"])):
        if package["name"] == "bootready" or _is_of_windows(package):
            continue
        archive = package["sdist"]
        resources.append(
            f'  resource "{package["name"]}" do\n'
            f'    url "{archive["url"]}"\n'
            f'    sha256 "{archive["hashes"]["sha256"]}"\n'
            "  end\n"
        )
    return f"""\
# Made by scripts/packages.py at the release; do not edit.
class Bootready < Formula
  include Language::Python::Virtualenv

  desc "{ABOUT.partition(",")[0]}"
  homepage "{repository}"
  url "{source}"
  sha256 "{digest}"
  license "{SETTINGS["project"]["license"]}"

  depends_on "pkgconf" => :build
  depends_on "rust" => :build
  depends_on "libyaml"
  depends_on "openssl@3"
  depends_on "python@{PYTHON}"

{chr(10).join(resources)}
  def install
    virtualenv_install_with_resources
    generate_completions_from_executable(bin/"bootready", "completion")
  end

  test do
    (testpath/"compose.yaml").write <<~YAML
      services:
        web:
          image: nginx:1.27
          restart: allways
    YAML
    output = shell_output("#{{bin}}/bootready check --engine none", 1)
    assert_match "restart-unknown", output
  end
end
"""


def flake(version: str) -> str:
    """Return the flake of Nix; its source is the checkout above the directory that it lies in."""
    names = " ".join(NIX.get(name, name) for name in needed())
    return f"""\
# Made by scripts/packages.py; do not edit.
{{
  description = "{ABOUT}";

  inputs.nixpkgs.url = "nixpkgs/nixos-unstable";

  outputs =
    {{ self, nixpkgs }}:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forAll = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${{system}});
    in
    {{
      packages = forAll (pkgs: {{
        default = pkgs.python{PYTHON.replace(".", "")}Packages.buildPythonApplication {{
          pname = "bootready";
          version = "{version}";
          pyproject = true;
          src = ../.;
          build-system = with pkgs.python{PYTHON.replace(".", "")}Packages; [ hatchling ];
          dependencies = with pkgs.python{PYTHON.replace(".", "")}Packages; [ {names} ];
          nativeBuildInputs = [ pkgs.installShellFiles ];
          doCheck = false;
          pythonImportsCheck = [ "bootready" ];
          postInstall = ''
            for shell in bash zsh fish; do
              $out/bin/bootready completion $shell >completion.$shell
            done
            installShellCompletion --cmd bootready \\
              --bash completion.bash --zsh completion.zsh --fish completion.fish
          '';
          meta = {{
            description = "{ABOUT}";
            license = pkgs.lib.licenses.mit;
            mainProgram = "bootready";
          }};
        }};
      }});
    }};
}}
"""


def _bare(requirement: str) -> str:
    return requirement.partition(">=")[0].strip().lower()


def _is_of_windows(package: Mapping[str, Any]) -> bool:
    return "win32" in str(package.get("marker", ""))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
