#!/bin/sh
# What a release is made of, step by step: `sh tools/release.sh fits v1.2.3 packages data build/html fresh`.
# PYTHON builds; OUT (dist) is where the packages, the data and a fresh environment are made.
set -eu
unset PYTHONPATH
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
out=${OUT:-dist}
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' rfdocs/__init__.py)

refuse() {
    echo "rfdocs: $1" >&2
    exit 1
}

# The tag, the version, the citation and the changelog's entry are of one release.
fits() {
    [ "$1" = "v$version" ] || refuse "the tag is $1, and rfdocs/__init__.py says $version"
    grep -qx "version: $version" CITATION.cff || refuse "CITATION.cff is not of version $version"
    grep -qE "^## $version( |$)" CHANGELOG.md || refuse "CHANGELOG.md has no entry for $version"
}

# The wheel and the source distribution, the same bytes at every time.
packages() {
    rm -rf "$out/packages"
    "$python" -m hatchling build -d "$out/packages" >&2
}

# All figures of the site that stands in a folder as one archive, with its licence; the same bytes for the same figures.
data() {
    mkdir -p "$out/data"
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
        --transform="s,^,rfdocs-data-$version/," -cf "$out/data/rfdocs-data-$version.tar" \
        CITATION.cff LICENSE-DATA -C "$1" api
    gzip -9nf "$out/data/rfdocs-data-$version.tar"
}

# The wheel in an environment of its own, with what it asks for and nothing else, at work.
fresh() {
    rm -rf "$out/fresh"
    "$python" -m venv --without-pip "$out/fresh"
    "$python" -m pip --python "$out/fresh" install --quiet "$out/packages/rfdocs-$version-py3-none-any.whl"
    [ "$("$out/fresh/bin/rfdocs" --version)" = "rfdocs $version" ] || refuse "the wheel is not of version $version"
    "$out/fresh/bin/rfdocs" table alexnet >&2
}

while [ $# -gt 0 ]; do
    step=$1
    shift
    case $step in
    packages | fresh) "$step" ;;
    fits | data)
        "$step" "$1"
        shift
        ;;
    *) refuse "there is no step '$step'" ;;
    esac
done
