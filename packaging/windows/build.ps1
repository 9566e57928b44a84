# Makes the installer for Windows: dist\Fieldguide-VERSION-setup.exe.
#
# Usage: powershell -File packaging\windows\build.ps1 [-Python C:\path\to\python.exe]
#
# Needs Python 3.11, 3.12 or 3.13 and Inno Setup 6 (https://jrsoftware.org/isinfo.php). For a signed installer
# configure a sign tool in Inno Setup and add SignTool= to fieldguide.iss.
param([string]$Python = "python")
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")

if (-not (Test-Path ".venv\Scripts\python.exe")) {
    & $Python -m venv .venv
    & .venv\Scripts\python.exe -m pip install --require-hashes --only-binary :all: `
        -r requirements.lock -r requirements-dev.lock
    & .venv\Scripts\python.exe -m pip install --no-build-isolation --no-deps --editable .
}
$own = ".venv\Scripts\python.exe"
& $own packaging\make_icons.py
& $own packaging\pyinstaller\collect_licences.py
& $own -m PyInstaller --clean --noconfirm --log-level ERROR --distpath dist --workpath build\pyinstaller `
    packaging\pyinstaller\fieldguide.spec
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

& $own packaging\smoke_test.py --without-windows -- dist\fieldguide\fieldguide.exe
if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }

$version = (& dist\fieldguide\fieldguide.exe --version).Split(" ")[1]
$compiler = Join-Path ${env:ProgramFiles(x86)} "Inno Setup 6\ISCC.exe"
& $compiler "/DVersion=$version" packaging\windows\fieldguide.iss
exit $LASTEXITCODE
