#!/usr/bin/env bash
# Makes Fieldguide.app and, with a certificate, signs and notarises it: dist/Fieldguide-VERSION.dmg.
#
# Usage: build.sh PYTHON
#
# PYTHON is that of an environment made by `make setup`, on macOS. What signing needs is in README.md.
#   SIGN_AS            name of a “Developer ID Application” certificate; without it nothing is signed
#   NOTARY_PROFILE     a keychain profile made by `xcrun notarytool store-credentials`
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:?usage: build.sh PYTHON}

"$python" packaging/make_icons.py
"$python" packaging/pyinstaller/collect_licences.py
TF_CPP_MIN_LOG_LEVEL=3 "$python" -m PyInstaller --clean --noconfirm --log-level ERROR \
  --distpath dist --workpath build/pyinstaller packaging/pyinstaller/fieldguide.spec
app=dist/Fieldguide.app
program=$app/Contents/MacOS/fieldguide
"$python" packaging/smoke_test.py --without-windows -- "$program"
image=dist/Fieldguide-$("$program" --version | cut -d' ' -f2).dmg

if [ -n "${SIGN_AS:-}" ]; then
  # From the inside out: a signature holds for what is in the folder then.
  find "$app" -type f \( -name '*.so' -o -name '*.dylib' -o -perm -u+x \) -print0 |
    xargs -0 -n 50 codesign --force --timestamp --options runtime --sign "$SIGN_AS" \
      --entitlements packaging/macos/entitlements.plist
  codesign --force --timestamp --options runtime --sign "$SIGN_AS" \
    --entitlements packaging/macos/entitlements.plist "$app"
  codesign --verify --deep --strict "$app"
fi
hdiutil create -volname Fieldguide -srcfolder "$app" -ov -format UDZO "$image"
if [ -n "${NOTARY_PROFILE:-}" ]; then
  xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
  xcrun stapler staple "$image"
fi
