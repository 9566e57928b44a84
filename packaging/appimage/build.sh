#!/usr/bin/env bash
# Makes an AppImage out of dist/fieldguide: dist/Fieldguide-VERSION-ARCH.AppImage.
#
# Usage: build.sh PYTHON
#
# PYTHON is that of an environment made by `make setup`; `make bundle` comes first. The folder
# build/Fieldguide.AppDir, whose AppRun starts the program, is made in any case. The file is made of it by
# appimagetool, https://github.com/AppImage/appimagetool, which no package index has.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:?usage: build.sh PYTHON}
directory=build/Fieldguide.AppDir
version=$(dist/fieldguide/fieldguide --version | cut -d' ' -f2)

rm -rf "$directory"
install -d "$directory/usr/lib" "$directory/usr/share/metainfo" "$directory/usr/share/applications" \
  "$directory/usr/share/icons"
cp -a dist/fieldguide "$directory/usr/lib/fieldguide"
install -m644 packaging/debian/fieldguide.desktop "$directory/usr/share/applications/"
install -m644 packaging/debian/fieldguide.desktop "$directory/fieldguide.desktop"
sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$(git log -1 --format=%cs 2>/dev/null || date +%F)/" \
  packaging/debian/fieldguide.metainfo.xml \
  >"$directory/usr/share/metainfo/io.github.fieldguide.appdata.xml"
cp -r build/icons/hicolor "$directory/usr/share/icons/"
cp build/icons/hicolor/256x256/apps/fieldguide.png "$directory/fieldguide.png"
ln -s fieldguide.png "$directory/.DirIcon"
cat >"$directory/AppRun" <<'SCRIPT'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/usr/lib/fieldguide/fieldguide" "$@"
SCRIPT
chmod 755 "$directory/AppRun"
"$directory/AppRun" --version >/dev/null
echo "Made $directory, whose AppRun starts the program."

if ! command -v appimagetool >/dev/null; then
  echo "To make one file of it, put appimagetool on the path:" \
    "https://github.com/AppImage/appimagetool/releases" >&2
  exit 1
fi
ARCH=$(uname -m) appimagetool --comp zstd "$directory" "dist/Fieldguide-$version-$(uname -m).AppImage"
