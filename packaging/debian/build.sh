#!/usr/bin/env bash
# Makes a package for Debian and Ubuntu out of dist/fieldguide: dist/fieldguide_VERSION_ARCH.deb.
#
# Usage: build.sh PYTHON
#
# PYTHON is that of an environment made by `make setup`; `make bundle` comes first. The program
# lies in /usr/lib/fieldguide, where a package keeps what is its own, and is named in /usr/bin.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:?usage: build.sh PYTHON}
here=packaging/debian
version=$(dist/fieldguide/fieldguide --version | cut -d' ' -f2)
architecture=$(dpkg --print-architecture)
root=build/debian
share=$root/usr/share

rm -rf "$root"
install -d "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib" "$share/doc/fieldguide"
cp -a dist/fieldguide "$root/usr/lib/fieldguide"
ln -s ../lib/fieldguide/fieldguide "$root/usr/bin/fieldguide"

# Whoever made the bundle may have kept files to himself; libraries are no programs.
find "$root" -type d -exec chmod 755 {} +
find "$root" -type f -exec chmod 644 {} +
chmod 755 "$root/usr/lib/fieldguide/fieldguide"

install -Dm644 -t "$share/applications" $here/fieldguide.desktop
install -Dm644 $here/fieldguide-mime.xml "$share/mime/packages/fieldguide.xml"
install -d "$share/metainfo" "$share/icons" "$share/man/man1"
sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$(git log -1 --format=%cs 2>/dev/null || date +%F)/" \
  $here/fieldguide.metainfo.xml >"$share/metainfo/io.github.fieldguide.metainfo.xml"
cp -r build/icons/hicolor "$share/icons/"
PYTHONPATH=. "$python" packaging/man_page.py | gzip -9n >"$share/man/man1/fieldguide.1.gz"
install -m644 $here/copyright "$share/doc/fieldguide/copyright"
gzip -9nc CHANGELOG.md >"$share/doc/fieldguide/changelog.gz"

size=$(du -sk --apparent-size "$root/usr" | cut -f1)
depends=$(bash $here/find_depends.sh "$root/usr/lib/fieldguide" | paste -sd, | sed 's/,/, /g')
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" \
  -e "s/@DEPENDS@/$depends/" $here/control >"$root/DEBIAN/control"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"

package=dist/fieldguide_${version}_$architecture.deb
# xz makes it a seventh smaller, takes six times as long, and installs slower.
dpkg-deb --root-owner-group -Zzstd -z12 --build "$root" "$package"
echo "Made $package: $(du -h "$package" | cut -f1), installed $((size / 1024)) MB"
