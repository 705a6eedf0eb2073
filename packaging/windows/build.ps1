# Not yet run. Builds the MSI below build\windows; signs where a certificate is given.
param([string]$Thumbprint = $env:WINDOWS_SIGNING_THUMBPRINT)
$ErrorActionPreference = "Stop"
$root = Resolve-Path "$PSScriptRoot\..\.."
$to = "$root\build\windows"
$env:PYTHONHASHSEED = "1"
$env:SOURCE_DATE_EPOCH = (git -C $root log -1 --format=%ct)
$env:VIRTUAL_ENV = "$to\venv"

uv venv --quiet --clear $env:VIRTUAL_ENV
foreach ($name in "packaging.txt", "reviewer.txt") {
    uv pip install -q --require-hashes -r "$root\packaging\requirements\$name"
}
uv build --wheel --quiet --no-build-isolation --python "$to\venv\Scripts\python.exe" --out-dir "$to\wheel" $root
uv pip install -q --no-deps (Get-Item "$to\wheel\*.whl")
& "$to\venv\Scripts\python.exe" -m PyInstaller --noconfirm --distpath "$to\trees" --workpath "$to\work" "$PSScriptRoot\reviewer.spec"

if ($Thumbprint) {
    Get-ChildItem "$to\trees" -Recurse -Include *.exe | ForEach-Object {
        signtool sign /sha1 $Thumbprint /fd sha256 /td sha256 $_.FullName
    }
}
$version = (Select-String -Path "$root\pyproject.toml" -Pattern '^version = "(.+)"').Matches[0].Groups[1].Value
$suffix = if ($Thumbprint) { "" } else { "-unsigned" }
$msi = "$to\reviewer-$version$suffix.msi"
wix build -arch x64 -d "Version=$version" -d "Trees=$to\trees" -o $msi "$PSScriptRoot\reviewer.wxs"
if ($Thumbprint) { signtool sign /sha1 $Thumbprint /fd sha256 /td sha256 $msi }
