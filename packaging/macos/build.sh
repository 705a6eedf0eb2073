#!/usr/bin/env bash
# Not yet run. Builds the disk image below build/macos; signs where an identity is given.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
to="$root/build/macos"
identity=${MACOS_SIGNING_IDENTITY:-}
notary=${MACOS_NOTARY_PROFILE:-}
export PYTHONHASHSEED=1 VIRTUAL_ENV="$to/venv"
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
export SOURCE_DATE_EPOCH

uv venv --quiet --clear "$VIRTUAL_ENV"
for name in packaging.txt reviewer.txt; do
  uv pip install -q --require-hashes -r "$root/packaging/requirements/$name"
done
uv build --wheel --quiet --no-build-isolation --python "$to/venv/bin/python" --out-dir "$to/wheel" "$root"
uv pip install -q --no-deps "$to"/wheel/*.whl
"$to/venv/bin/python" -m PyInstaller --noconfirm --distpath "$to/trees" --workpath "$to/work" "$here/reviewer.spec"

app="$to/trees/Reviewer.app"
suffix=-unsigned
if [[ -n $identity ]]; then
  suffix=
  codesign --force --deep --options runtime --timestamp \
    --entitlements "$here/reviewer.entitlements" --sign "$identity" "$app"
fi
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/pyproject.toml")
image="$to/reviewer-$version$suffix.dmg"
hdiutil create -volname Reviewer -srcfolder "$app" -ov -format UDZO "$image"
if [[ -n $identity && -n $notary ]]; then
  xcrun notarytool submit "$image" --keychain-profile "$notary" --wait
  xcrun stapler staple "$image"
fi
echo "$image"
